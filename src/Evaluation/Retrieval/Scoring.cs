namespace IlgpuDca.Evaluation;

/// <summary>How it is told whether a model knows an answer.</summary>
public enum Scoring
{
    /// <summary>It writes the answer greedily.</summary>
    Generation,

    /// <summary>It finds the answer more likely than each wrong candidate.</summary>
    Likelihood,
}
