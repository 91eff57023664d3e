using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using IlgpuDca.Cli.Commands;
using IlgpuDca.Model;

namespace IlgpuDca.Cli;

/// <summary>The program: parses, runs a command, and turns whatever happens into an exit code.</summary>
static class Application
{
    /// <summary>
    /// Every argument is what it says: no file is read for a prompt that begins with @, and -ngl is not -n with the value gl.
    /// </summary>
    static readonly ParserConfiguration _syntax = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    public static int Run(string[] arguments)
    {
        using var interruption = new Interruption();
        try
        {
            RootCommand root = Create(interruption.Token);
            ParseResult parsed = root.Parse(arguments, _syntax);
            if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
                return Misuse(parsed, root);
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = Results.Writer,
            });
        }
        catch (Exception exception)
        {
            return interruption.Token.IsCancellationRequested
                ? Failure.Report(new OperationCanceledException())
                : Failure.Report(exception);
        }
    }

    static RootCommand Create(CancellationToken cancellation)
    {
        RootCommand root = new(
            "Runs Llama-family models far past their trained length with Dual Chunk Attention, on an NVIDIA GPU or on the CPU. "
            + "Without --model the built-in tiny model runs.");
        foreach (ICommand command in (ICommand[])
            [
                new GenerateCommand(),
                new ChatCommand(),
                new PerplexityCommand(),
                new PasskeyCommand(),
                new NeedleCommand(),
                new RulerCommand(),
                new TaskCommand(),
                new StudyCommand(),
                new ScoreCommand(),
                new TokenizeCommand(),
                new InspectCommand(),
                ConvertCommand.Convert,
                ConvertCommand.Quantize,
                new DevicesCommand(),
                new KernelsCommand(),
                new SelftestCommand(),
                new BenchCommand(),
            ])
            root.Add(Complete(command, cancellation));
        return root;
    }

    static Command Complete(ICommand command, CancellationToken cancellation)
    {
        Command built = command.Build();
        built.SetAction(parsed => command.Run(parsed, cancellation));
        foreach (ICommand below in command.Subcommands)
            built.Add(Complete(below, cancellation));
        return built;
    }

    static int Misuse(ParseResult parsed, RootCommand root)
    {
        ParseError first = parsed.Errors[0];
        string? unknown = parsed.UnmatchedTokens.FirstOrDefault();
        string message = parsed.Tokens.Count == 0
            ? "there is no command: give one, as in ilgpudca generate --prompt TEXT, or ilgpudca chat"
            : first.Message.TrimEnd('.');
        if (unknown is not null)
            message = $"'{unknown}' is no {(unknown.StartsWith('-') ? "flag" : parsed.CommandResult.Command == root ? "command" : "argument")} of {NameOf(parsed, root)}"
                + (Habits.Here(unknown) is { } here ? $": {here}" : Suggestion(unknown, parsed, root));
        Messages.Error($"{message}. Fix: see {NameOf(parsed, root)} --help.");
        return ExitCode.Usage;
    }

    static string NameOf(ParseResult parsed, RootCommand root)
    {
        string name = "";
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: { } command } && command != root; result = result.Parent)
            name = $" {command.Name}{name}";
        return $"ilgpudca{name}";
    }

    static string Suggestion(string unknown, ParseResult parsed, RootCommand root)
    {
        IEnumerable<string> known = parsed.CommandResult.Command.Options.Concat(root.Options.Where(option => option.Recursive))
            .SelectMany(option => option.Aliases.Prepend(option.Name))
            .Concat(parsed.CommandResult.Command.Subcommands.Select(command => command.Name));
        return Typo.Closest(unknown, known) is { } closest ? $" (did you mean {closest}?)" : "";
    }
}
