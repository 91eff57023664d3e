namespace IlgpuDca.Evaluation;

/// <summary>Files that grow by a line for each piece of work, and whose last line an interruption may have cut.</summary>
static class JournalFile
{
    /// <summary>
    /// Whether a file is one that begins with these bytes, however early it was cut. Asked before anything is cut away: all else
    /// is somebody's text, and stays as it is.
    /// </summary>
    /// <param name="content">All of the file.</param>
    /// <param name="beginning">What the first line of such a file begins with.</param>
    public static bool Begins(ReadOnlySpan<byte> content, ReadOnlySpan<byte> beginning)
    {
        int length = Math.Min(content.Length, beginning.Length);
        return content[..length].SequenceEqual(beginning[..length]);
    }
}
