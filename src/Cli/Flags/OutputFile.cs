using IlgpuDca.Model;

namespace IlgpuDca.Cli.Flags;

/// <summary>Files that a command writes where a flag says.</summary>
static class OutputFile
{
    /// <summary>Refuses a place where one of the files stands that the command reads.</summary>
    /// <param name="flag">The flag that gives the place.</param>
    /// <param name="output">The place; null: nothing is written.</param>
    /// <param name="inputs">The files that are read.</param>
    /// <exception cref="UsageException">They are one file, by name or through links.</exception>
    public static void MustSpare(string flag, string? output, IEnumerable<string> inputs)
    {
        if (output is not null && File.Exists(output) && inputs.Any(input => File.Exists(input) && Target(input) == Target(output)))
            throw new UsageException($"{flag} is '{output}', which this command reads and would lose: give another name.");
    }

    /// <summary>The file behind a path and its links.</summary>
    static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
}
