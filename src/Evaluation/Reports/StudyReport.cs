using IlgpuDca.Evaluation.Study;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation.Reports;

/// <summary>A study's report: everything of it depends on the grid and its stored cells alone.</summary>
public sealed class StudyReport
{
    readonly StudyResults _results;

    StudyReport(StudyResults results)
    {
        _results = results;
        Tables = StudyTables.Of(results);
        Figures = StudyFigures.Of(results);
    }

    /// <summary>Of the cells that are stored; those that are missing are counted in it.</summary>
    public static StudyReport Of(StudyGrid grid, IReadOnlyDictionary<CellSetting, CellRecord> records) => new(new StudyResults(grid, records));

    internal IReadOnlyList<ReportTable> Tables { get; }

    internal IReadOnlyList<ReportFigure> Figures { get; }

    internal string Title => _results.Grid.Title;

    internal string Question => _results.Grid.Question;

    /// <summary>Where it ran, and what is not in it.</summary>
    internal IReadOnlyList<string> Notes =>
    [
        .. _results.Devices.Select(device => $"Measured on {device}."),
        .. _results.Missing > 0 ? [$"{_results.Missing} cells were not run yet."] : Array.Empty<string>(),
        .. _results.Failed.Select(failed => $"Failed: {failed.Setting.Method} at {failed.Setting.Length} tokens, {failed.Setting.Task}: {failed.Error}"),
    ];

    /// <summary>Question, tables and notes as Markdown, without the pictures.</summary>
    public string Text() => MarkdownReport.Of(this, pictures: null);

    /// <summary>One page without scripts that needs nothing from elsewhere.</summary>
    /// <exception cref="UsageException">The file can't be written.</exception>
    public void WriteHtml(string path) => Write(path, HtmlReport.Of(this));

    /// <summary>A Markdown page, and each picture in a file beside it.</summary>
    /// <exception cref="UsageException">A file can't be written.</exception>
    public void WriteMarkdown(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path), folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (ReportFigure figure in Figures)
            Write(Path.Combine(folder, $"{stem}-{figure.Name}.svg"), MarkdownReport.Picture(figure));
        Write(path, MarkdownReport.Of(this, stem));
    }

    static void Write(string path, string content)
    {
        try
        {
            File.WriteAllText(path, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{path}: {exception.Message} Fix: give a file that can be written.");
        }
    }
}
