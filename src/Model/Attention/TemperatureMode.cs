namespace IlgpuDca.Model.Attention;

/// <summary>How Dual Chunk Attention sharpens the softmax of texts that are longer than the trained length.</summary>
public enum TemperatureMode
{
    /// <summary>Qwen's where the config has original_max_position_embeddings above 0, else none.</summary>
    Auto,
    None,
    /// <summary>f², f = max(1, 0.1 ln(length / original) + 1), as vLLM's prefill has it; length is the text's final one.</summary>
    Qwen,
}
