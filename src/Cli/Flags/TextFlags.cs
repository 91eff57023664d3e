using System.CommandLine;
using System.Text;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Flags;

/// <summary>A text: given as it is, or in a file.</summary>
sealed class TextFlags
{
    static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Option<string?> Prompt { get; } = Flag.Text("--prompt", "The text.", "TEXT", "-p");

    public Option<string?> File { get; } = Flag.Text("--file", "A UTF-8 file with the text; - is standard input.", "FILE", "-f");

    public void AddTo(Command command)
    {
        command.Add(Prompt);
        command.Add(File);
    }

    /// <summary>The text, or null where none was given.</summary>
    public string? Read(ParseResult parsed)
    {
        string? prompt = parsed.GetValue(Prompt), file = parsed.GetValue(File);
        if (prompt is not null && file is not null)
            throw new UsageException("--prompt and --file both give the text: leave one of them out.");
        return file is null ? prompt : ReadFile(file, "--file");
    }

    /// <summary>A file's text, UTF-8 or with the mark of UTF-16; - is standard input.</summary>
    /// <exception cref="UsageException">It can't be read, or is no such text.</exception>
    public static string ReadFile(string file, string flag)
    {
        if (file.Length == 0)
            throw new UsageException($"{flag} is '', but must name a file, or be - for standard input.");
        try
        {
            using Stream stream = file == "-" ? Console.OpenStandardInput() : System.IO.File.OpenRead(file);
            using var reader = new StreamReader(stream, _strict);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException exception)
        {
            throw new UsageException($"{flag} {file}: is no UTF-8 text: it has the byte 0x{exception.BytesUnknown?[0]:x2}. "
                + "Fix: convert it to UTF-8.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{flag} {file}: {exception.Message} Fix: give a file that can be read.");
        }
    }
}
