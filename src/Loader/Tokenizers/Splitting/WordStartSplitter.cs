namespace IlgpuDca.Loader;

/// <summary>
/// Cuts escaped text in front of words: for vocabularies in which nothing merges across such a place.
/// </summary>
sealed class WordStartSplitter : TextSplitter
{
    public override void Split(string text, int start, int end, List<int> ends)
    {
        while (start < end)
        {
            start = Math.Min(SpaceCut.Next(text, start), end);
            ends.Add(start);
        }
    }
}
