using System.Text;

namespace IlgpuDca.Cli.Chat;

/// <summary>Reads messages: a line each, or several between lines with three quotes.</summary>
/// <param name="input">Where from.</param>
/// <param name="prompt">Writes what a person sees before a line; does nothing in a pipe.</param>
sealed class ChatInput(TextReader input, Action<string> prompt)
{
    const string Quotes = "\"\"\"";

    /// <summary>The next message or command; null at the end of input.</summary>
    public string? Read()
    {
        prompt(">>> ");
        string? line = input.ReadLine();
        if (line is null || !line.TrimStart().StartsWith(Quotes, StringComparison.Ordinal))
            return line;
        string rest = line.TrimStart()[Quotes.Length..];
        StringBuilder block = new();
        while (!rest.TrimEnd().EndsWith(Quotes, StringComparison.Ordinal))
        {
            block.Append(rest).Append('\n');
            prompt("... ");
            if (input.ReadLine() is not { } next)
                return block.ToString();
            rest = next;
        }
        return block.Append(rest.TrimEnd()[..^Quotes.Length]).ToString().Trim('\n');
    }
}
