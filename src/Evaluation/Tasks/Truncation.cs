namespace IlgpuDca.Evaluation;

/// <summary>What is cut off a document that is too long.</summary>
public enum Truncation
{
    /// <summary>Nothing: the prompt is refused.</summary>
    None,

    /// <summary>Its beginning, as few-shot evaluations do.</summary>
    Left,

    /// <summary>Its end, as L-Eval does.</summary>
    Right,
}
