namespace IlgpuDca.Loader;

/// <summary>Lower case, whatever the language.</summary>
sealed class LowercaseNormalizer : TextNormalizer
{
    public override string Normalize(string text, bool isFirst) => text.ToLowerInvariant();
}
