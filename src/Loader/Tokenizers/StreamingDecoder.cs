namespace IlgpuDca.Loader;

/// <summary>Turns ids into text as they come, never cutting a character.</summary>
public abstract class StreamingDecoder
{
    /// <summary>The text that this id completes; empty while a character still lacks bytes.</summary>
    public abstract string Append(int id);

    /// <summary>What is left at the end: U+FFFD for each byte of an unfinished character.</summary>
    public abstract string Flush();
}
