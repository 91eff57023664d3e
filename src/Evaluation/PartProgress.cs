namespace IlgpuDca.Evaluation;

/// <summary>From the tokens of one text to the part of all texts that is done.</summary>
/// <param name="target">Gets 0 to 1.</param>
/// <param name="before">Texts done.</param>
/// <param name="texts">All texts.</param>
/// <param name="tokens">Tokens of this one.</param>
sealed class PartProgress(IProgress<double>? target, int before, int texts, int tokens) : IProgress<int>
{
    public void Report(int value) => target?.Report((before + (double)value / tokens) / texts);
}
