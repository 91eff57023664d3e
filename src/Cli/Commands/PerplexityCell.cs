using IlgpuDca.Evaluation;

namespace IlgpuDca.Cli.Commands;

/// <summary>One method at one length.</summary>
/// <param name="Method">As --method has it; without that flag "dense" or "dca".</param>
/// <param name="Length">Tokens of a window.</param>
/// <param name="Attention">"dense" or "dca".</param>
/// <param name="Result">What was measured.</param>
sealed record PerplexityCell(string Method, int Length, string Attention, PerplexityResult Result);
