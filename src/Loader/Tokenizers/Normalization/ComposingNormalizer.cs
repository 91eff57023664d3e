namespace IlgpuDca.Loader;

/// <summary>
/// Unicode's normalization form C (or D): a letter and its accents become one character (or several).
/// </summary>
/// <param name="composes">Form C; otherwise D.</param>
sealed class ComposingNormalizer(bool composes) : TextNormalizer
{
    public override string Normalize(string text, bool isFirst) => CanonicalForm.Of(text, composes);
}
