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

    /// <summary>[(heads + 2 kvHeads) · headSize] float32; only where the projections have biases.</summary>
    QkvBias,

    /// <summary>[2, headSize] float32: the gains of a head's query and key; only where they are normed.</summary>
    HeadNorms,

    /// <summary>[hidden, heads · headSize].</summary>
    AttentionOutput,

    /// <summary>[hidden] float32; only where attention's output projection has a bias.</summary>
    OutputBias,

    /// <summary>[hidden] float32.</summary>
    PostAttentionNorm,

    /// <summary>[2 · intermediate, hidden]: gate and up.</summary>
    GateUp,

    /// <summary>[hidden, intermediate].</summary>
    Down,

    /// <summary>[experts, hidden]: in layers with experts, as the two that follow, in place of the two before.</summary>
    Router,

    /// <summary>[experts, 2 · intermediate, hidden]: gate and up of every expert.</summary>
    ExpertGateUp,

    /// <summary>[experts, hidden, intermediate].</summary>
    ExpertDown,

    /// <summary>[hidden] float32.</summary>
    FinalNorm,

    /// <summary>[vocabulary, hidden]; no buffer of its own where it is the embedding.</summary>
    Output,
}
