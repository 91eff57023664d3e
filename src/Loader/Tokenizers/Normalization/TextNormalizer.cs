namespace IlgpuDca.Loader;

/// <summary>Changes a text before it is cut into words.</summary>
abstract class TextNormalizer
{
    /// <summary>The changed text.</summary>
    /// <param name="text">Without half surrogate pairs.</param>
    /// <param name="isFirst">Whether it begins the whole text; false behind an added token.</param>
    public abstract string Normalize(string text, bool isFirst);
}
