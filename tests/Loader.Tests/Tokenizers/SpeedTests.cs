using System.Diagnostics;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Books at 5 MB/s a core, and no text that takes for ever.</summary>
public class SpeedTests(ITestOutputHelper output)
{
    /// <summary>A hundredth of what is promised: the machine may be busy.</summary>
    const double LeastBytesPerSecond = 5e4;

    [Theory]
    [InlineData("llama2.model")]
    [InlineData("llama2.json")]
    [InlineData("qwen3")]
    public void Books(string name)
    {
        string text = File.ReadAllText(Repository.Shared("text", "middlemarch.txt"))
            + File.ReadAllText(Repository.Shared("text", "moby_dick.txt"));
        Tokenizer tokenizer = Fixtures.Open(name);
        int bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        double best = 0;
        for (int run = 0; run < 3; run++)
        {
            var watch = Stopwatch.StartNew();
            int[] ids = tokenizer.Encode(text, addBos: false);
            best = Math.Max(best, bytes / watch.Elapsed.TotalSeconds);
            output.WriteLine($"{name}: run {run}, {bytes / watch.Elapsed.TotalSeconds / 1e6:0.0} MB/s, {ids.Length} ids");
        }
        Assert.True(best >= LeastBytesPerSecond, $"{best:0} bytes/s");
    }

    public static TheoryData<string> Names => new(Fixtures.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void LongRunsEnd(string name)
    {
        Tokenizer tokenizer = Fixtures.Open(name);
        foreach (string text in (string[])[new string('a', 1 << 20), new string(' ', 1 << 20), new string('\n', 1 << 18),
            string.Concat(Enumerable.Repeat("\u0301", 1 << 17)), string.Concat(Enumerable.Repeat("<|im_", 1 << 16))])
        {
            var watch = Stopwatch.StartNew();
            int[] ids = tokenizer.Encode(text, addBos: false);
            output.WriteLine($"{watch.ElapsedMilliseconds} ms, {ids.Length} ids");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed} for '{text[..5]}…'");
        }
    }
}
