using IlgpuDca.Model;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>The file that an interrupted measurement goes on from.</summary>
public sealed class PerplexityJournalTests : IDisposable
{
    static readonly Dictionary<string, string> _settings = new() { ["model"] = "tiny", ["protocol"] = "window" };

    readonly string _path = Path.Combine(Path.GetTempPath(), $"perplexity-{Guid.NewGuid():N}.jsonl");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void WindowsAreFoundAgain()
    {
        double[] sums = [1.0 / 3, double.PositiveInfinity, double.NaN];
        using (PerplexityJournal journal = PerplexityJournal.Open(_path, _settings))
        {
            Assert.Equal(0, journal.Found);
            IFinishedWindows windows = journal.Windows("dca", 512, "chunks");
            Assert.Null(windows.Find(0));
            windows.Add(0, sums);
            windows.Add(1, [2, 3, 4]);
            Assert.Equal(sums, windows.Find(0));
        }
        using PerplexityJournal again = PerplexityJournal.Open(_path, _settings);
        Assert.Equal(2, again.Found);
        Assert.Equal(sums, again.Windows("dca", 512, "chunks").Find(0));
        Assert.Null(again.Windows("dca", 512, "chunks").Find(2));
        Assert.Null(again.Windows("dca", 1024, "chunks").Find(0));
        Assert.Null(again.Windows("yarn", 512, "chunks").Find(0));
    }

    [Fact]
    public void ALineThatWasCutIsDoneAgain()
    {
        using (PerplexityJournal journal = PerplexityJournal.Open(_path, _settings))
        {
            journal.Windows("dca", 512, "chunks").Add(0, [1]);
            journal.Windows("dca", 512, "chunks").Add(1, [2]);
        }
        File.WriteAllBytes(_path, File.ReadAllBytes(_path)[..^5]);
        using (PerplexityJournal journal = PerplexityJournal.Open(_path, _settings))
        {
            IFinishedWindows windows = journal.Windows("dca", 512, "chunks");
            Assert.Equal([1.0], windows.Find(0)!);
            Assert.Null(windows.Find(1));
            windows.Add(1, [7]);
        }
        using PerplexityJournal last = PerplexityJournal.Open(_path, _settings);
        Assert.Equal([7.0], last.Windows("dca", 512, "chunks").Find(1)!);
    }

    [Fact]
    public void OtherSettingsAreRefused()
    {
        using (PerplexityJournal journal = PerplexityJournal.Open(_path, _settings))
            journal.Windows("dca", 512, "chunks").Add(0, [1]);
        string message = Refused(new() { ["model"] = "tiny", ["protocol"] = "paper" });
        Assert.Contains("protocol 'window', and now it is 'paper'", message, StringComparison.Ordinal);
        using PerplexityJournal again = PerplexityJournal.Open(_path, _settings);
        Assert.Contains("'chunks', and now it is 'other chunks'", Assert.Throws<UsageException>(() => again.Windows("dca", 512, "other chunks")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello\n")]
    [InlineData("{\"a\":1}\n")]
    [InlineData("[]\n")]
    [InlineData("a novel whose last line has no end")]
    [InlineData("a novel\nwhose last line has no end")]
    public void AnotherFileIsRefused(string content)
    {
        File.WriteAllText(_path, content);
        Assert.Contains("line 1", Refused(_settings), StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(_path));
    }

    [Fact]
    public void OneRunWritesAtATime()
    {
        using PerplexityJournal journal = PerplexityJournal.Open(_path, _settings);
        Assert.Contains(_path, Refused(_settings), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderIsRefused() =>
        Assert.Contains("--resume", Assert.Throws<UsageException>(() => PerplexityJournal.Open(Path.GetTempPath(), _settings)).Message, StringComparison.Ordinal);

    string Refused(Dictionary<string, string> settings) => Assert.Throws<UsageException>(() => PerplexityJournal.Open(_path, settings)).Message;
}
