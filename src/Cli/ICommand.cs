using System.CommandLine;

namespace IlgpuDca.Cli;

/// <summary>One command of the program.</summary>
interface ICommand
{
    /// <summary>Name, description and flags.</summary>
    Command Build();

    /// <summary>Commands below it.</summary>
    IEnumerable<ICommand> Subcommands => [];

    /// <summary>Does it; throws what <see cref="Failure"/> explains.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    int Run(ParseResult parsed, CancellationToken cancellation);
}
