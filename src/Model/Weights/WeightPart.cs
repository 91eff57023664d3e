namespace IlgpuDca.Model.Weights;

/// <summary>The buffers that a model's weights fill on the device.</summary>
enum WeightPart
{
    /// <summary>[vocabulary, hidden].</summary>
    Embedding,

    /// <summary>[hidden] float32.</summary>
    InputNorm,

    /// <summary>[(heads + 2 kvHeads) · headSize, hidden]: query, key, value.</summary>
    Qkv,

    /// <summary>[hidden, heads · headSize].</summary>
    AttentionOutput,

    /// <summary>[hidden] float32.</summary>
    PostAttentionNorm,

    /// <summary>[2 · intermediate, hidden]: gate and up.</summary>
    GateUp,

    /// <summary>[hidden, intermediate].</summary>
    Down,

    /// <summary>[hidden] float32.</summary>
    FinalNorm,

    /// <summary>[vocabulary, hidden]; no buffer of its own where it is the embedding.</summary>
    Output,
}
