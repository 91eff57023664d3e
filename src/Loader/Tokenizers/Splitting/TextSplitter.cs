namespace IlgpuDca.Loader;

/// <summary>Cuts a text into words that are encoded each for itself.</summary>
abstract class TextSplitter
{
    /// <summary>Adds the ends of the words in text[start..end], the last of which is <paramref name="end"/>.</summary>
    public abstract void Split(string text, int start, int end, List<int> ends);
}
