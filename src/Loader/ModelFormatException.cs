using System.Text;

namespace IlgpuDca.Loader;

/// <summary>A model file that is missing, damaged, hostile or of a kind that this engine does not run.</summary>
/// <remarks>
/// The message is one line, <c>file: what</c>, and <c>what</c> says what was found, what was expected and the fix.
/// Text that comes from the file itself is shown without control characters and cut, so that a hostile name can
/// neither drive a terminal nor fill a log.
/// </remarks>
public sealed class ModelFormatException : Exception
{
    const int LongestMessage = 1_000;

    /// <param name="file">The file or folder at fault, as the user can find it.</param>
    /// <param name="what">Found, expected, fix; one or two sentences.</param>
    /// <param name="inner">The exception that told, if there was one.</param>
    public ModelFormatException(string file, string what, Exception? inner = null)
        : base(Printable($"{file}: {what}", LongestMessage), inner) => File = file;

    /// <summary>The file or folder at fault.</summary>
    public string File { get; }

    /// <summary>A name that came from a file, in quotes, printable and cut to a readable length.</summary>
    public static string Quote(string name) => $"'{Printable(name, 120)}'";

    static string Printable(string text, int longest)
    {
        var printable = new StringBuilder(Math.Min(text.Length, longest));
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, longest)))
            printable.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? '\uFFFD' : c);
        return text.Length > longest ? printable.Append('…').ToString() : printable.ToString();
    }
}
