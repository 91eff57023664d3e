namespace IlgpuDca.Loader;

/// <summary>Cuts, and cuts each piece again.</summary>
sealed class SplitterChain(IReadOnlyList<TextSplitter> steps) : TextSplitter
{
    public override void Split(string text, int start, int end, List<int> ends)
    {
        List<int> pieces = [end];
        foreach (TextSplitter step in steps)
        {
            var finer = new List<int>(pieces.Count);
            int from = start;
            foreach (int to in pieces)
            {
                step.Split(text, from, to, finer);
                from = to;
            }
            pieces = finer;
        }
        ends.AddRange(pieces);
    }
}
