using System.Text.Json;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>Every command does what it is for, and its JSON has the promised members.</summary>
public sealed class CommandTests
{
    const string Prompt = "The old man looked at the sea and";

    [Fact]
    public void GenerateContinuesThePrompt()
    {
        ProcessResult result = Ilgpudca.Run("generate", "--prompt", Prompt, "--temp", "0", "-n", "12", "--device", "cpu");
        Assert.Equal(0, result.Code);
        Assert.StartsWith(" saw that it was a very beautiful island", result.Output, StringComparison.Ordinal);
        Assert.Contains("prompt eval time", result.Errors, StringComparison.Ordinal);
        Assert.Contains("CPU", result.Errors, StringComparison.Ordinal);
        Assert.Contains("attention: dca", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Errors);
    }

    [Fact]
    public void GenerateJson()
    {
        JsonElement json = Json("generate", "-p", Prompt, "--temp", "0", "-n", "9", "--device", "cpu", "--json");
        Assert.StartsWith(" saw that it was a very", json.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(9, json.GetProperty("tokens").GetArrayLength());
        Assert.Equal(9, json.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal("length", json.GetProperty("finish_reason").GetString());
        foreach (string timing in (string[])["prefill_ms", "decode_ms", "prefill_tokens_per_second", "decode_tokens_per_second"])
            Assert.True(json.GetProperty("timings").GetProperty(timing).GetDouble() > 0);
    }

    [Fact]
    public void SameSeedSameText()
    {
        string[] arguments = ["generate", "-p", Prompt, "-n", "8", "--device", "cpu", "--seed", "7"];
        Assert.Equal(Ilgpudca.Run(arguments).Output, Ilgpudca.Run(arguments).Output);
    }

    [Fact]
    public void PredictMinusOneFillsTheContext()
    {
        JsonElement json = Json("generate", "-p", Prompt, "-n", "-1", "-c", "16", "--ignore-eos", "--device", "cpu", "--json");
        Assert.Equal(16 - 9, json.GetProperty("tokens").GetArrayLength());
    }

    [Fact]
    public void PerplexityJson()
    {
        JsonElement json = Json("perplexity", "-p", string.Concat(Enumerable.Repeat(Prompt + ". ", 4)), "-c", "16", "--device", "cpu", "--json");
        Assert.Equal(Math.Exp(json.GetProperty("nll").GetDouble()), json.GetProperty("perplexity").GetDouble(), 6);
        Assert.Equal(16, json.GetProperty("context").GetInt32());
        Assert.Equal(16 * json.GetProperty("windows").GetInt32(), json.GetProperty("tokens").GetInt32());
        Assert.Equal("dca", json.GetProperty("attention").GetString());
    }

    [Fact]
    public void PasskeyJson()
    {
        JsonElement json = Json("passkey", "--length", "200", "--trials", "2", "--device", "cpu", "--json");
        Assert.Equal(1, json.GetProperty("accuracy").GetDouble());
        JsonElement cell = json.GetProperty("cells")[1];
        Assert.Equal(200, cell.GetProperty("length").GetInt32());
        Assert.Equal(0.75, cell.GetProperty("depth").GetDouble());
        Assert.Equal(1, cell.GetProperty("correct").GetInt32());
        Assert.Equal(1, cell.GetProperty("trials").GetInt32());
    }

    [Fact]
    public void ScoreJson()
    {
        JsonElement json = Json("score", "-p", Prompt, "--top-logits", "3", "--device", "cpu", "--json");
        Assert.Equal(9, json.GetProperty("tokens").GetArrayLength());
        Assert.Equal(8, json.GetProperty("nll").GetArrayLength());
        Assert.Equal(3, json.GetProperty("top_logits").GetArrayLength());
        Assert.Equal(2, json.GetProperty("top_logits")[0].GetArrayLength());
    }

    [Fact]
    public void ScoreFeedsIdsAsTheyAre()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "360 665\n432\t");
            JsonElement json = Json("score", "--ids", file, "--device", "cpu", "--json");
            Assert.Equal([360, 665, 432], json.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void TokenizeJson()
    {
        JsonElement json = Json("tokenize", "-p", "The old man", "--json");
        Assert.Equal([1, 360, 665, 432], json.GetProperty("tokens").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal("▁man", json.GetProperty("pieces")[3].GetString());
    }

    [Fact]
    public void InspectJson()
    {
        JsonElement json = Json("inspect", "--device", "cpu", "--json");
        Assert.Equal(8, json.GetProperty("config").GetProperty("layers").GetInt32());
        Assert.Equal(74, json.GetProperty("tensors").GetArrayLength());
        Assert.True(json.GetProperty("memory").GetProperty("weights_bytes").GetInt64() > 7_344_384L * 4 - 1);
    }

    [Fact]
    public void DevicesJson() =>
        Assert.Contains(Json("devices", "--json").GetProperty("devices").EnumerateArray(), device => device.GetProperty("kind").GetString() == "cpu");

    [Fact]
    public void KernelsPrintPtx()
    {
        ProcessResult result = Ilgpudca.Run("kernels", "RmsNorm", "--ptx", "--ir", "--device", "cpu");
        Assert.Equal(0, result.Code);
        Assert.Contains(".entry", result.Output, StringComparison.Ordinal);
        Assert.Contains("RmsNorm<Single, Float32Element>.Packs", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SelftestJson()
    {
        JsonElement json = Json("selftest", "--filter", "SwiGlu", "--races", "--json");
        Assert.True(json.GetProperty("passed").GetInt32() > 0);
        Assert.Equal(0, json.GetProperty("failed").GetInt32());
        Assert.Equal(JsonValueKind.Number, json.GetProperty("skipped").ValueKind);
        Assert.Contains("CPU", json.GetProperty("device").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void BenchJson()
    {
        JsonElement json = Json("bench", "-p", "16", "-n", "4", "--depth", "0,8", "-r", "2", "--device", "cpu", "--json");
        Assert.Equal(["pp16", "tg4", "pp16 @ d8", "tg4 @ d8"],
            json.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("test").GetString()));
        Assert.All(json.GetProperty("results").EnumerateArray(), row => Assert.True(row.GetProperty("tokens_per_second").GetDouble() > 0));
    }

    [Fact]
    public void BenchTellsMemoryAndTheFirstToken()
    {
        JsonElement row = Json("bench", "-p", "16", "-n", "0", "-r", "2", "-ub", "8", "--device", "cpu", "--json").GetProperty("results")[0];
        Assert.True(row.GetProperty("first_token_seconds").GetDouble() > 0);
        Assert.True(row.GetProperty("planned_bytes").GetInt64() > 0);
        Assert.Equal(2, row.GetProperty("seconds").GetArrayLength());
        Assert.False(row.TryGetProperty("roofline_share", out _));
    }

    [Fact]
    public void BenchKernelsJson()
    {
        JsonElement json = Json("bench", "kernels", "--only", "gemm,copy", "--device", "cpu", "--json");
        Assert.Equal(["copy", "gemm"], json.GetProperty("kernels").EnumerateArray().Select(kernel => kernel.GetProperty("group").GetString()).Distinct());
        Assert.All(json.GetProperty("kernels").EnumerateArray(), kernel => Assert.True(kernel.GetProperty("value").GetDouble() > 0));
    }

    [Fact]
    public void BenchKernelsBesideAnchors()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "a GPU torch 2\ncopy: 0.001 GB/s (read + written)\n");
            ProcessResult result = Ilgpudca.Run("bench", "kernels", "--only", "copy", "--anchors", file, "--markdown", "--device", "cpu");
            Assert.Equal(0, result.Code);
            Assert.Contains("a GPU torch 2", result.Output, StringComparison.Ordinal);
            string row = Assert.Single(result.Output.Split('\n'), line => line.StartsWith("| copy |", StringComparison.Ordinal));
            Assert.EndsWith("| yes |", row, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void BenchLoadJson()
    {
        JsonElement json = Json("bench", "load", "-r", "1", "--device", "cpu", "--json");
        Assert.True(json.GetProperty("bytes_per_second").GetDouble() > 0);
        Assert.True(json.GetProperty("share").GetDouble() > 0);
    }

    /// <summary>One object, on one line, and nothing else.</summary>
    static JsonElement Json(params string[] arguments)
    {
        ProcessResult result = Ilgpudca.Run(arguments);
        Assert.True(result.Code == 0, result.Errors);
        Assert.Equal(1, result.Output.Count(character => character == '\n'));
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
