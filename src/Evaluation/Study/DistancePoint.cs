namespace IlgpuDca.Evaluation.Study;

/// <summary>How surprised a model is some way into a window.</summary>
/// <param name="Tokens">Mean tokens before the prediction.</param>
/// <param name="Nll">Mean negative log-likelihood, in nats.</param>
public readonly record struct DistancePoint(double Tokens, double Nll);
