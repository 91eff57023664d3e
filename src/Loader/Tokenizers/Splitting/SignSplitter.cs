namespace IlgpuDca.Loader;

/// <summary>
/// Cuts in front of every sign that stands for a space: the second half of the Metaspace pre-tokenizer.
/// </summary>
sealed class SignSplitter(char sign) : TextSplitter
{
    public override void Split(string text, int start, int end, List<int> ends)
    {
        for (int i = start + 1; i < end; i++)
        {
            if (text[i] == sign)
                ends.Add(i);
        }
        ends.Add(end);
    }
}
