namespace IlgpuDca.Evaluation;

/// <summary>Part of a curve of nll by the position in the window.</summary>
/// <param name="From">First position: as many tokens stand before it in the window.</param>
/// <param name="To">The position after the last.</param>
/// <param name="MeanNll">Mean over all windows, in nats.</param>
/// <param name="Tokens">Predictions that were scored.</param>
public readonly record struct PerplexityCurvePoint(int From, int To, double MeanNll, long Tokens);
