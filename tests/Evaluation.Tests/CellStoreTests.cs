using IlgpuDca.Evaluation.Study;
using IlgpuDca.Model;
using Xunit;

namespace IlgpuDca.Evaluation.Tests;

/// <summary>What is stored of a study outlives any end of the process.</summary>
public sealed class CellStoreTests
{
    static readonly CellRecord _first = Record(512, new StudyMeasure
    {
        Figures = new Dictionary<string, double> { ["perplexity"] = 26.5, ["nll_error"] = double.NaN },
        Curve = [new DistancePoint(7.5, 3.25)],
        Depths = [new DepthPoint(0.25, 1, 2)],
    });

    static readonly CellRecord _second = Record(1024, null);

    [Fact]
    public void CellsComeBackAsTheyWere()
    {
        using StudyFolder folder = new();
        string path = Fill(folder);
        using CellStore store = CellStore.Open(path);
        Assert.Equal(2, store.Records.Count);
        CellRecord read = store.Records[_first.Setting];
        Assert.Equal(_first.Device, read.Device);
        Assert.Equal(_first.Measure!.Figures, read.Measure!.Figures);
        Assert.Equal(_first.Measure.Curve, read.Measure.Curve);
        Assert.Equal(_first.Measure.Depths, read.Measure.Depths);
        Assert.Equal(_second, store.Records[_second.Setting]);
    }

    [Fact]
    public void ATornLastLineIsCutAwayWhereverItTore()
    {
        using StudyFolder folder = new();
        string path = Fill(folder);
        byte[] whole = File.ReadAllBytes(path);
        int firstEnd = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int length = firstEnd; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            using (CellStore store = CellStore.Open(path))
            {
                Assert.Equal([_first.Setting], store.Records.Keys);
                store.Add(_second);
            }
            Assert.Equal(whole, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void AnotherBrokenLineIsRefusedByItsNumber()
    {
        using StudyFolder folder = new();
        string path = Fill(folder);
        string[] lines = File.ReadAllLines(path);
        File.WriteAllText(path, $"{lines[0]}\nnonsense\n{lines[1]}\n");
        Assert.Contains("line 2 is no cell of a study: 'nonsense'", Assert.Throws<UsageException>(() => CellStore.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"title\": \"a study on one line\"}")]
    [InlineData("{\"title\": \"a study on one line\"}\n")]
    public void AnotherFileStaysAsItIs(string content)
    {
        using StudyFolder folder = new();
        string path = folder.PathOf("a.json");
        File.WriteAllText(path, content);
        Assert.Contains("line 1 is no cell", Assert.Throws<UsageException>(() => CellStore.Open(path)).Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void AFirstLineThatToreIsCutAway()
    {
        using StudyFolder folder = new();
        string path = Fill(folder);
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < Array.IndexOf(whole, (byte)'\n'); length += 5)
        {
            File.WriteAllBytes(path, whole[..length]);
            using CellStore store = CellStore.Open(path);
            Assert.Empty(store.Records);
        }
    }

    [Fact]
    public void OneStudyWritesAtATime()
    {
        using StudyFolder folder = new();
        string path = Fill(folder);
        using CellStore store = CellStore.Open(path);
        Assert.Throws<UsageException>(() => CellStore.Open(path));
    }

    static string Fill(StudyFolder folder)
    {
        string path = folder.PathOf("a.cells.jsonl");
        using CellStore store = CellStore.Open(path);
        store.Add(_first);
        store.Add(_second);
        return path;
    }

    static CellRecord Record(int length, StudyMeasure? measure) =>
        new(new CellSetting("tiny", "perplexity text=a#1 tokens=8", "dca", length, 0), "CPU, float32", measure, measure is null ? "it doesn't fit" : null);
}
