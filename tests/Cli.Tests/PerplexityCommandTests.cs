using System.Text.Json;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>Several methods and lengths in one run, and a run that goes on.</summary>
public sealed class PerplexityCommandTests : IDisposable
{
    static readonly string _text = string.Concat(Enumerable.Repeat("The old man looked at the sea and was glad. ", 6));

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilgpudca-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void EveryMethodAtEveryLengthIsACell()
    {
        ProcessResult result = Ilgpudca.Run("perplexity", "-p", _text, "--length", "16,32", "--method", "plain,dca-intra:s=12", "--protocol", "paper", "--stride", "8", "--curve", "4",
            "--device", "cpu", "--json");
        Assert.True(result.Code == 0, result.Errors);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal("paper", json.RootElement.GetProperty("protocol").GetString());
        Assert.Equal(8, json.RootElement.GetProperty("stride").GetInt32());
        JsonElement[] cells = [.. json.RootElement.GetProperty("cells").EnumerateArray()];
        Assert.Equal([("plain", 16), ("plain", 32), ("dca-intra:s=12", 16), ("dca-intra:s=12", 32)],
            cells.Select(cell => (cell.GetProperty("method").GetString()!, cell.GetProperty("context").GetInt32())));
        foreach (JsonElement cell in cells)
        {
            int length = cell.GetProperty("context").GetInt32();
            Assert.Equal((length - 1) * cell.GetProperty("windows").GetInt32(), cell.GetProperty("tokens").GetInt32());
            Assert.True(cell.GetProperty("nll_error").GetDouble() > 0);
            Assert.Equal(4, cell.GetProperty("curve").GetArrayLength());
        }
        // Chunks of 12 are a text of 16 cut in two: never the same as seeing all of it.
        Assert.NotEqual(cells[0].GetProperty("nll").GetDouble(), cells[2].GetProperty("nll").GetDouble());
    }

    [Fact]
    public void ARunGoesOnFromItsFileAndSaysTheSame()
    {
        string file = Path.Combine(_folder.FullName, "windows.jsonl");
        string[] arguments = ["perplexity", "-p", _text, "--length", "16", "--method", "dca", "--device", "cpu", "--resume", file];
        ProcessResult first = Ilgpudca.Run(arguments);
        Assert.True(first.Code == 0, first.Errors);
        string[] lines = File.ReadAllLines(file);
        Assert.True(lines.Length > 3);
        // As if it had been interrupted after two windows, in the middle of writing the third.
        File.WriteAllText(file, string.Join('\n', lines[..3]) + "\n" + lines[3][..10]);
        ProcessResult second = Ilgpudca.Run(arguments);
        Assert.Equal(first.Output, second.Output);
        Assert.Contains("2 windows are done", second.Errors, StringComparison.Ordinal);
        Assert.Equal(lines, File.ReadAllLines(file));
        Ilgpudca.IsSentence(Ilgpudca.Run([.. arguments, "--protocol", "stride"]), 2, file, "protocol");
    }
}
