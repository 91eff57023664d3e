namespace IlgpuDca.Evaluation;

/// <summary>How a text is cut into windows of L tokens, and which predictions of a window count.</summary>
public enum PerplexityProtocol
{
    /// <summary>
    /// Without overlap; each window's first id is replaced by the one that begins texts, and each of its L tokens predicts the id
    /// that follows it in the text.
    /// </summary>
    Window,

    /// <summary>A window begins every stride tokens; all of its L - 1 predictions count, so that most tokens count many times.</summary>
    Paper,

    /// <summary>As <see cref="Paper"/>, but only a window's last stride predictions count: each token once, after L - stride tokens or more.</summary>
    Stride,
}
