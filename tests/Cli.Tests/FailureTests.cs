using System.Diagnostics;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>Whatever goes wrong ends with its exit code and one sentence.</summary>
public sealed class FailureTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ilgpudca-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("generate --promt x", "--promt", "--prompt")]
    [InlineData("genrate", "genrate", "generate")]
    [InlineData("generate -p x --temp nan", "--temp", "nan")]
    [InlineData("generate -p x --temp -1", "--temp", "-1")]
    [InlineData("generate -p x --top-p 2", "--top-p", "1")]
    [InlineData("generate -p x --seed -2", "--seed", "-2")]
    [InlineData("generate -p x -n -2", "--predict", "-2")]
    [InlineData("generate -p x --device gpu", "--device", "cuda")]
    [InlineData("generate", "--prompt", "--file")]
    [InlineData("generate -p x -f y", "--prompt", "--file")]
    [InlineData("generate -f /nowhere/text", "--file", "/nowhere/text")]
    [InlineData("generate -f ", "--file is ''")]
    [InlineData("generate -p x -ngl 99", "-ngl", "--device")]
    [InlineData("generate -p x -hf user/model", "-hf", "--model")]
    [InlineData("generate -p x -z", "'-z' is no flag of ilgpudca generate. Fix")]
    [InlineData("serve", "there is no server")]
    [InlineData("run tiny", "generate", "chat")]
    [InlineData("bench -p 0 -n 0", "--n-prompt", "--n-gen")]
    [InlineData("generate -p x --device cpu --dca-chunk 100 --dca-max-position 20", "--dca-max-position", "99")]
    [InlineData("score --ids /dev/null", "--ids", "/dev/null")]
    [InlineData("passkey --length 20 --device cpu", "--length", "20")]
    [InlineData("perplexity -p x --method yaarn", "yaarn", "yarn", "dca-intra-successive")]
    [InlineData("perplexity -p x --method yarn,yarn", "yarn", "twice")]
    [InlineData("perplexity -p x --method yarn --attention dca", "--method", "--attention")]
    [InlineData("perplexity -p x --method dca --rope-scale 4 --rope-scaling ntk", "--method", "--rope-scaling")]
    [InlineData("perplexity -p x --stride 9", "--stride", "--protocol")]
    [InlineData("perplexity -p x --length 9 -c 9", "--length", "--ctx-size")]
    [InlineData("perplexity -p x --length 900 --device cpu", "--length", "900")]
    [InlineData("perplexity -p xyz --device cpu --resume /nowhere/file", "--resume", "/nowhere/file")]
    [InlineData("passkey --device cpu --method dca,yarn", "--method", "takes one")]
    [InlineData("inspect --device cpu --method dca:s=100:pmax=400", "pmax", "from 99 to 199")]
    [InlineData("selftest --races --device cuda", "--races", "--device cuda")]
    [InlineData("bench --shape llama3", "--shape", "llama2-7b")]
    [InlineData("bench --shape llama2-7b --model x", "--shape", "--model")]
    [InlineData("bench --layers 2", "--layers", "--shape")]
    [InlineData("bench kernels --only gem", "--only", "gemm")]
    [InlineData("bench kernels --json --markdown", "--json", "--markdown")]
    [InlineData("bench kernels --anchors /nowhere/file", "--anchors", "/nowhere/file")]
    [InlineData("bench kernels --onyl gemm", "ilgpudca bench kernels", "--only")]
    [InlineData("bench load --work-folder /tmp", "--work-folder", "--shape")]
    public void Misuse(string arguments, params string[] parts) =>
        Ilgpudca.IsSentence(Ilgpudca.Run(arguments.Split(' ')), 2, parts);

    [Fact]
    public void NoCommand() => Ilgpudca.IsSentence(Ilgpudca.Run(), 2, "there is no command", "generate", "chat", "--help");

    [Fact]
    public void MissingFolder() =>
        Ilgpudca.IsSentence(Ilgpudca.Run("generate", "-p", "x", "-m", "/nowhere/model"), 3, "/nowhere/model", ".gguf", "Fix:");

    [Fact]
    public void ATextThatIsNotUtf8IsNotReadAsAnother()
    {
        string file = Path.Combine(_folder.FullName, "latin1.txt");
        File.WriteAllBytes(file, [.. "caf"u8, 0xe9]);
        Ilgpudca.IsSentence(Ilgpudca.Run("tokenize", "-f", file), 2, file, "UTF-8", "0xe9");
    }

    [Fact]
    public void APromptThatBeginsWithAtIsNoFile()
    {
        string file = Path.Combine(_folder.FullName, "flags");
        File.WriteAllText(file, "--no-bos");
        Assert.Contains("<0x40>", Ilgpudca.Run("tokenize", "-p", $"@{file}").Output, StringComparison.Ordinal);
        Assert.Contains("<0x40>", Ilgpudca.Run("tokenize", "-p", "@nobody said").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheReasonForNoGpuIsNoPartOfTheDevice()
    {
        string output = Ilgpudca.Run("inspect").Output;
        Assert.Contains("memory for 512 tokens as", output, StringComparison.Ordinal);
        Assert.DoesNotContain("no GPU", output, StringComparison.Ordinal);
    }

    [Fact]
    public void TruncatedWeights()
    {
        CopyModel();
        using (FileStream weights = File.OpenWrite(Path.Combine(_folder.FullName, "model.safetensors")))
            weights.SetLength(1_000_000);
        Ilgpudca.IsSentence(Run(), 3, "model.safetensors");
    }

    [Fact]
    public void WeightsThatAreNoNumbers()
    {
        CopyModel();
        using (FileStream weights = File.OpenWrite(Path.Combine(_folder.FullName, "model.safetensors")))
        {
            // The last gains of the final norm.
            weights.Seek(-100, SeekOrigin.End);
            weights.Write(Enumerable.Repeat((byte)0xFF, 100).ToArray());
        }
        Ilgpudca.IsSentence(Run(), 3, _folder.FullName, "NaN");
        Ilgpudca.IsSentence(Ilgpudca.Run("score", "-p", "x", "-m", _folder.FullName, "--device", "cpu"), 3, _folder.FullName, "NaN");
    }

    [Fact]
    public void ConfigWithoutAKey()
    {
        CopyModel();
        EditConfig("\"hidden_size\"", "\"hidden_sizes\"");
        Ilgpudca.IsSentence(Run(), 3, "config.json", "hidden_size");
    }

    [Fact]
    public void UnknownArchitecture()
    {
        CopyModel();
        EditConfig("LlamaForCausalLM", "MambaForCausalLM");
        Ilgpudca.IsSentence(Run(), 3, "config.json", "MambaForCausalLM", "LlamaForCausalLM");
    }

    [Fact]
    public void NoTokenizer()
    {
        CopyModel();
        File.Delete(Path.Combine(_folder.FullName, "tokenizer.model"));
        Ilgpudca.IsSentence(Run(), 3, "tokenizer.model", "--tokenizer");
    }

    [Fact]
    public void ContextTooSmall()
    {
        ProcessResult result = Ilgpudca.Run("generate", "-p", "The old man", "-n", "10", "-c", "12", "--device", "cpu");
        Ilgpudca.IsSentence(result, 5, "14", "12", "--ctx-size");
        Assert.Empty(result.Output);
    }

    [Fact]
    public void ContextThatCanNeverFit() =>
        Ilgpudca.IsSentence(Ilgpudca.Run("generate", "-p", "x", "-c", "1000000000", "--device", "cpu"), 5, "1000000000", "--ctx-size");

    [Fact]
    public void CudaWithoutAGpu()
    {
        Assert.SkipUnless(Ilgpudca.Run("devices").Output.Contains("no GPU", StringComparison.Ordinal), "this machine has a GPU");
        Ilgpudca.IsSentence(Ilgpudca.Run("generate", "-p", "x", "--device", "cuda"), 4, "--device cuda");
    }

    [Fact]
    public void ClosedPipeEndsQuietly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs bash");
        Stopwatch clock = Stopwatch.StartNew();
        ProcessResult result = Ilgpudca.Shell("\"$1\" generate -p The -n 20000 --ignore-eos --device cpu | head -c 10; exit ${PIPESTATUS[0]}");
        Assert.Equal(0, result.Code);
        Assert.Equal(10, result.Output.Length);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("generate -p The -n 5 --device cpu")]
    [InlineData("--help")]
    public void FullDisk(string arguments)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        Ilgpudca.IsSentence(Ilgpudca.Shell($"\"$1\" {arguments} > /dev/full"), 1, "disk is full");
    }

    [Fact]
    public void ClosedStandardErrorIsNoFailure()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs bash");
        ProcessResult result = Ilgpudca.Shell("\"$1\" generate -p 'The old man looked at the sea and' -n 3 --temp 0 --device cpu 2>&-");
        Assert.Equal((0, " saw that it\n"), (result.Code, result.Output));
    }

    [Theory]
    [InlineData("generate -p The -n 100000 --ignore-eos", 0.05)]
    [InlineData("generate -p The -n 100000 --ignore-eos", 0.6)]
    [InlineData("generate -p The -n 100000 --ignore-eos", 2.5)]
    [InlineData("passkey --length 8192", 2.5)]
    [InlineData("selftest", 2)]
    public void CtrlCEndsSoon(string arguments, double seconds)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs bash");
        Stopwatch clock = Stopwatch.StartNew();
        // Before .NET runs our code nobody catches the signal: then the shell reports the same code.
        ProcessResult result = Ilgpudca.Shell(
            $"env --default-signal=INT \"$1\" {arguments} --device cpu > /dev/null & pid=$!; sleep {FormattableString.Invariant($"{seconds}")}; kill -INT $pid; wait $pid");
        Assert.Equal(130, result.Code);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(seconds + 5), $"took {clock.Elapsed}");
    }

    [Fact]
    public void CtrlCShowsTheCursorAgain()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script");
        ProcessResult result = Ilgpudca.Shell(
            "(sleep 4; printf '\\003'; sleep 4) | script -qec \"'$1' passkey --length 4096 --device cpu\" /dev/null");
        Assert.Contains("interrupted.", result.Output, StringComparison.Ordinal);
        string afterHiding = result.Output[result.Output.LastIndexOf("\u001b[?25l", StringComparison.Ordinal)..];
        Assert.Contains("\u001b[?25h", afterHiding, StringComparison.Ordinal);
    }

    ProcessResult Run() => Ilgpudca.Run("generate", "-p", "x", "-n", "1", "-m", _folder.FullName, "--device", "cpu");

    void CopyModel()
    {
        string model = Path.Combine(Root(), "models", "tiny");
        foreach (string file in (string[])["config.json", "model.safetensors", "tokenizer.model"])
            File.WriteAllBytes(Path.Combine(_folder.FullName, file), File.ReadAllBytes(Path.Combine(model, file)));
    }

    void EditConfig(string from, string to)
    {
        string path = Path.Combine(_folder.FullName, "config.json"), text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IlgpuDca.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("No IlgpuDca.sln above the tests.");
    }
}
