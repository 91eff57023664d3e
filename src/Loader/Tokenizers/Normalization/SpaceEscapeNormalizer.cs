namespace IlgpuDca.Loader;

/// <summary>The first half of the Metaspace pre-tokenizer: writes spaces as a sign, and one before the text.</summary>
/// <param name="sign">Stands for a space.</param>
/// <param name="prependsFirst">Whether the sign goes before a text that does not begin with it.</param>
/// <param name="prependsLater">The same for text behind an added token.</param>
sealed class SpaceEscapeNormalizer(char sign, bool prependsFirst, bool prependsLater) : TextNormalizer
{
    public override string Normalize(string text, bool isFirst)
    {
        string escaped = text.Replace(' ', sign);
        bool prepends = isFirst ? prependsFirst : prependsLater;
        return prepends && !escaped.StartsWith(sign) ? sign + escaped : escaped;
    }
}
