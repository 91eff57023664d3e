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

    /// <summary>Refuses a place where a file stands that has something in it: an earlier run's results may have taken hours.</summary>
    /// <param name="flag">The flag that gives the place.</param>
    /// <param name="output">The place; null: nothing is written.</param>
    /// <param name="force">Whether the user wants the file replaced.</param>
    /// <exception cref="UsageException">It has.</exception>
    public static void MustBeEmpty(string flag, string? output, bool force)
    {
        if (output is not null && !force && File.Exists(output) && new FileInfo(output).Length > 0)
            throw new UsageException($"{flag} is '{output}', which is there already: give another name, or --force to replace it.");
    }

    /// <summary>The file behind a path and its links.</summary>
    static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
}
