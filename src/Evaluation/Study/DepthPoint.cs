namespace IlgpuDca.Evaluation.Study;

/// <summary>What was found at a depth.</summary>
/// <param name="Depth">0 to 1.</param>
/// <param name="Correct">Answers found.</param>
/// <param name="Trials">Answers asked for.</param>
public readonly record struct DepthPoint(double Depth, int Correct, int Trials);
