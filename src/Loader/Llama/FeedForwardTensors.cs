namespace IlgpuDca.Loader;

/// <summary>A gated feed-forward block: a layer's own, or one of its experts.</summary>
/// <param name="Gate">[intermediate, hidden].</param>
/// <param name="Up">[intermediate, hidden].</param>
/// <param name="Down">[hidden, intermediate].</param>
public sealed record FeedForwardTensors(WeightTensor Gate, WeightTensor Up, WeightTensor Down);
