using System.Xml.Linq;
using IlgpuDca.Evaluation.Reports;
using IlgpuDca.Evaluation.Study;
using IlgpuDca.Model;
using IlgpuDca.Model.Tests;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>Studies on the built-in model, from the file to the report.</summary>
public sealed class StudyRunTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    static readonly Dictionary<string, string> _noTexts = [];

    [Fact]
    public void TheStudyOfEveryBuildHasItsReport()
    {
        using StudyFolder folder = new();
        StudyGrid grid = StudyFile.Read(Path.Combine(Repository.Root, "studies", "tiny-ci.json"), _noTexts);
        using CellStore store = CellStore.Open(folder.PathOf("ci.cells.jsonl"));
        List<double> progress = [];
        StudyRunner.Run(grid, store, new Models(tiny.Engine), new Collector(progress), null, TestContext.Current.CancellationToken);
        Assert.Equal(grid.Cells().Count, store.Records.Count);
        Assert.Equal(progress.Order(), progress);
        Assert.Equal(1, progress[^1]);

        // At the trained length plain and chunked attention are nearly one; at twice it plain positions fail, chunked ones don't.
        Assert.True(Perplexity(grid, store, "dca", 512) <= 1.01 * Perplexity(grid, store, "plain", 512));
        Assert.True(Perplexity(grid, store, "dca", 1024) < Perplexity(grid, store, "dca", 512));
        Assert.True(Perplexity(grid, store, "plain", 1024) > 2 * Perplexity(grid, store, "dca", 1024));
        Assert.Equal(0, Of(grid, store, "passkey", "plain", 1024).Value(Figure.Correct));
        Assert.Equal(2, Of(grid, store, "passkey", "dca", 1024).Value(Figure.Correct));

        string html = folder.PathOf("ci.html"), markdown = folder.PathOf("ci.md");
        StudyReport report = StudyReport.Of(grid, store.Records);
        report.WriteHtml(html);
        report.WriteMarkdown(markdown);
        string page = File.ReadAllText(html), text = File.ReadAllText(markdown);
        foreach (string part in (string[])["Perplexity of text/alice.txt by length", "surprise by distance", "answers found by length and depth, dca", ">0/2<", "<svg"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        foreach (string outside in (string[])["<script", "src=", "url(http", "<link"])
            Assert.DoesNotContain(outside, page, StringComparison.Ordinal);
        Assert.Contains("| plain | 2/2 | 0/2 |", text, StringComparison.Ordinal);
        string[] pictures = [.. Directory.GetFiles(Path.GetDirectoryName(html)!, "ci-figure-*.svg").Order()];
        Assert.Equal(5, pictures.Length);
        foreach (string picture in pictures)
        {
            Assert.Contains($"({Path.GetFileName(picture)})", text, StringComparison.Ordinal);
            Assert.Contains("prefers-color-scheme:dark", XDocument.Load(picture).Root!.Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AStudyThatStoppedInTheMiddleResumesToTheSameReport()
    {
        using StudyFolder folder = new();
        StudyGrid grid = Small(folder, """["plain", "dca:s=8"]""");
        using CellStore whole = CellStore.Open(folder.PathOf("whole.jsonl"));
        StudyRunner.Run(grid, whole, new Models(tiny.Engine));

        string path = folder.PathOf("stopped.jsonl");
        using (CellStore stopped = CellStore.Open(path))
        {
            using CancellationTokenSource cancellation = new();
            int begun = 0;
            Assert.ThrowsAny<OperationCanceledException>(() => StudyRunner.Run(grid, stopped, new Models(tiny.Engine), null, cell =>
            {
                if (++begun == 3)
                    cancellation.Cancel();
            }, cancellation.Token));
            Assert.Equal(2, stopped.Records.Count);
            Assert.Contains("2 cells were not run yet.", StudyReport.Of(grid, stopped.Records).Text(), StringComparison.Ordinal);
        }
        File.AppendAllText(path, """{"setting":{"mo""");
        using CellStore resumed = CellStore.Open(path);
        List<string> ran = [];
        StudyRunner.Run(grid, resumed, new Models(tiny.Engine), null, cell => ran.Add(cell.Setting.Method));
        Assert.Equal(2, ran.Count);
        Assert.Equal(StudyReport.Of(grid, whole.Records).Text(), StudyReport.Of(grid, resumed.Records).Text());

        ran.Clear();
        StudyRunner.Run(Small(folder, """["plain", "dca:s=8", "yarn"]"""), resumed, new Models(tiny.Engine), null, cell => ran.Add(cell.Setting.Method));
        Assert.Equal(["yarn", "yarn"], ran);
    }

    [Fact]
    public void ACellThatCannotBeDoneFailsAloneAndIsTriedAgain()
    {
        using StudyFolder folder = new();
        StudyGrid grid = Small(folder, """["plain"]""", "[8, 4000]");
        using CellStore store = CellStore.Open(folder.PathOf("a.jsonl"));
        StudyRunner.Run(grid, store, new Models(tiny.Engine));
        CellRecord failed = Assert.Single(store.Records.Values, record => record.Error is not null);
        Assert.Contains("windows of 4000 tokens don't fit in 32 tokens", failed.Error, StringComparison.Ordinal);
        Assert.Contains(failed.Error!, StudyReport.Of(grid, store.Records).Text(), StringComparison.Ordinal);
        Assert.Contains("| failed |", StudyReport.Of(grid, store.Records).Text(), StringComparison.Ordinal);
        List<int> again = [];
        StudyRunner.Run(grid, store, new Models(tiny.Engine), null, cell => again.Add(cell.Setting.Length));
        Assert.Equal([4000], again);
    }

    static StudyGrid Small(StudyFolder folder, string methods, string lengths = "[8, 16]")
    {
        File.Copy(Path.Combine(Repository.Root, "studies", "text", "alice.txt"), folder.PathOf("t.txt"), overwrite: true);
        string file = folder.Write("small.json",
            $$"""{"title": "small", "methods": {{methods}}, "lengths": {{lengths}}, "tasks": [{"task": "perplexity", "text": "t.txt", "tokens": 32}]}""");
        return StudyFile.Read(file, _noTexts);
    }

    static double Perplexity(StudyGrid grid, CellStore store, string method, int length) =>
        Of(grid, store, "perplexity", method, length).Value(Figure.Perplexity) ?? double.NaN;

    static CellRecord Of(StudyGrid grid, CellStore store, string kind, string method, int length) =>
        store.Records[grid.Cells().Single(cell => cell.Task.Kind == kind && cell.Setting.Method == method && cell.Setting.Length == length).Setting];

    /// <summary>The fixture's model.</summary>
    sealed class Models(Engine engine) : IStudyModels
    {
        public Engine Open(string model, CancellationToken cancellation)
        {
            Assert.Equal(StudyFile.TinyModel, model);
            return engine;
        }
    }

    /// <summary>On the caller's thread.</summary>
    sealed class Collector(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
