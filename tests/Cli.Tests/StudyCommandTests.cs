using System.Text.Json;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>study: cells, reports and exit codes of the program itself.</summary>
public sealed class StudyCommandTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilgpudca-study-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AStudyRunsOnceAndReportsAgain()
    {
        string file = Study("[8, 16]"), html = Path.Combine(_folder.FullName, "r.html");
        ProcessResult first = Ilgpudca.Run("study", file, "--device", "cpu", "--json");
        Assert.True(first.Code == 0, first.Errors);
        using JsonDocument json = JsonDocument.Parse(first.Output);
        Assert.Equal(0, json.RootElement.GetProperty("missing").GetInt32());
        Assert.Equal([8, 16], json.RootElement.GetProperty("cells").EnumerateArray().Select(cell => cell.GetProperty("length").GetInt32()));
        byte[] cells = File.ReadAllBytes(Path.Combine(_folder.FullName, "s.cells.jsonl"));

        ProcessResult again = Ilgpudca.Run("study", file, "--only-report", "--report", html);
        Assert.Equal(0, again.Code);
        Assert.Contains("| method | 8 | 16 |", again.Output, StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(html), StringComparison.Ordinal);
        Assert.Equal(cells, File.ReadAllBytes(Path.Combine(_folder.FullName, "s.cells.jsonl")));
    }

    [Fact]
    public void AFailedCellTellsByTheExitCode()
    {
        ProcessResult result = Ilgpudca.Run("study", Study("[8, 4000]"), "--device", "cpu");
        Ilgpudca.IsSentence(result, 1, "1 of 2 cells failed");
        Assert.Contains("| failed |", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AMistakeIsNamedBeforeAModelLoads()
    {
        ProcessResult result = Ilgpudca.Run("study", Study("[]"), "--device", "cpu");
        Ilgpudca.IsSentence(result, 2, "s.json: lengths is an empty list");
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "s.cells.jsonl")));
    }

    [Theory]
    [InlineData("--report")]
    [InlineData("--markdown")]
    [InlineData("--cells")]
    public void AStudyIsNotWrittenOver(string flag)
    {
        string file = Study("[8]"), before = File.ReadAllText(file);
        Ilgpudca.IsSentence(Ilgpudca.Run("study", file, "--only-report", flag, file), 2, file);
        Assert.Equal(before, File.ReadAllText(file));
    }

    string Study(string lengths)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "t.txt"), string.Concat(Enumerable.Repeat("The old man looked at the sea and saw that it was calm. ", 8)));
        string file = Path.Combine(_folder.FullName, "s.json");
        File.WriteAllText(file, $$"""{"title": "t", "methods": ["dca"], "lengths": {{lengths}}, "tasks": [{"task": "perplexity", "text": "t.txt", "tokens": 32}]}""");
        return file;
    }
}
