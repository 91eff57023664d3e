using Spectre.Console;

namespace IlgpuDca.Cli;

/// <summary>Standard error: everything that is no result.</summary>
static class Messages
{
    static readonly Lazy<IAnsiConsole> _console = new(Create);

    /// <summary>Whether a person is watching.</summary>
    public static bool IsTerminal => !Console.IsErrorRedirected;

    /// <summary>For progress bars; plain in a pipe and with NO_COLOR.</summary>
    public static IAnsiConsole Bars => _console.Value;

    /// <summary>Shows the cursor again where a bar that can't end by itself has hidden it.</summary>
    public static void ShowCursor()
    {
        if (_console.IsValueCreated && IsTerminal)
            Bars.Cursor.Show();
    }

    /// <summary>A line; lost without complaint where standard error is closed.</summary>
    public static void Line(string text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is nobody to tell.
        }
    }

    /// <summary>What went wrong.</summary>
    public static void Error(string sentence) => Line($"ilgpudca: {sentence}");

    static IAnsiConsole Create() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Error),
        Interactive = IsTerminal ? InteractionSupport.Yes : InteractionSupport.No,
        Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = !IsTerminal || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            ? ColorSystemSupport.NoColors
            : ColorSystemSupport.Detect,
    });
}
