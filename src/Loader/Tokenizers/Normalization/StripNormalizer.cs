namespace IlgpuDca.Loader;

/// <summary>Takes white space off the ends.</summary>
sealed class StripNormalizer(bool left, bool right) : TextNormalizer
{
    public override string Normalize(string text, bool isFirst)
    {
        text = left ? text.TrimStart() : text;
        return right ? text.TrimEnd() : text;
    }
}
