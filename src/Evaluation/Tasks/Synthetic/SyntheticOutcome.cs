namespace IlgpuDca.Evaluation;

/// <summary>What became of one sample.</summary>
/// <param name="Sample">Which one, from 0.</param>
/// <param name="Tokens">Tokens of its prompt.</param>
/// <param name="Score">The part of the references that was found; by likelihood 0 or 1.</param>
/// <param name="Answer">What the model wrote; empty where it wrote nothing.</param>
/// <param name="References">What a right answer contains.</param>
public sealed record SyntheticOutcome(int Sample, int Tokens, double Score, string Answer, IReadOnlyList<string> References);
