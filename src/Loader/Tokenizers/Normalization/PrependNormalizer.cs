namespace IlgpuDca.Loader;

/// <summary>Puts a string before each stretch of text.</summary>
sealed class PrependNormalizer(string prefix) : TextNormalizer
{
    public override string Normalize(string text, bool isFirst) => text.Length == 0 ? text : prefix + text;
}
