namespace IlgpuDca.Loader;

/// <summary>One normalizer after the other.</summary>
sealed class NormalizerChain(IReadOnlyList<TextNormalizer> steps) : TextNormalizer
{
    public override string Normalize(string text, bool isFirst)
    {
        foreach (TextNormalizer step in steps)
            text = step.Normalize(text, isFirst);
        return text;
    }
}
