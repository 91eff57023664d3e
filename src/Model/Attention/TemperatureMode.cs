namespace IlgpuDca.Model.Attention;

/// <summary>How Dual Chunk Attention sharpens the softmax of texts that are longer than the trained length.</summary>
public enum TemperatureMode
{
    /// <summary>Qwen's where the config has original_max_position_embeddings above 0, else none.</summary>
    Auto,
    None,
    /// <summary>f², f = max(1, 0.1 ln(length / original) + 1), as vLLM's prefill has it; length is the text's final one.</summary>
    Qwen,

    /// <summary>f² with 0.05 and the trained length, as ChunkLlama's attention has it.</summary>
    ChunkLlama05,

    /// <summary>f² with 0.1 and the trained length, as ChunkLlama's decoding has it.</summary>
    ChunkLlama10,
}
