namespace IlgpuDca.Loader;

/// <summary>Replaces every occurrence of a string.</summary>
sealed class ReplaceNormalizer(string pattern, string content) : TextNormalizer
{
    public override string Normalize(string text, bool isFirst) =>
        text.Replace(pattern, content, StringComparison.Ordinal);
}
