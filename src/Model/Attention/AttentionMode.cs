namespace IlgpuDca.Model.Attention;

/// <summary>What the user asks for.</summary>
public enum AttentionMode
{
    /// <summary>Dual Chunk where the config has its block or the text is longer than the model was trained on; else plain.</summary>
    Auto,
    Dense,
    Dca,
}
