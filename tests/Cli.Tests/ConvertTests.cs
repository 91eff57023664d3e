using System.Text.Json;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>convert and quantize write files that the other commands read.</summary>
public sealed class ConvertTests : IDisposable
{
    static readonly string _tiny = TinyModel();

    readonly string _folder = Directory.CreateTempSubdirectory("ilgpudca").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AConvertedModelGeneratesTheSameText()
    {
        string file = Path.Combine(_folder, "tiny.gguf");
        ProcessResult converted = Ilgpudca.Run("convert", "--model", _tiny, "--output", file, "--json");
        Assert.Equal(0, converted.Code);
        using JsonDocument json = JsonDocument.Parse(converted.Output);
        Assert.Equal("bf16", json.RootElement.GetProperty("type").GetString());
        Assert.Equal(new FileInfo(file).Length, json.RootElement.GetProperty("bytes").GetInt64());
        ProcessResult told = Ilgpudca.Run("generate", "--model", file, "--tokenizer", Path.Combine(_tiny, "tokenizer.model"),
            "-p", "The old man looked at the sea and", "--temp", "0", "-n", "12", "--device", "cpu");
        Assert.Equal(0, told.Code);
        Assert.StartsWith(" saw that it was a very beautiful island", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AQuantizedFileIsSmallAndIsQuantizedAgain()
    {
        string first = Path.Combine(_folder, "q8.gguf"), second = Path.Combine(_folder, "q4.gguf");
        Assert.Equal(0, Ilgpudca.Run("quantize", "-m", _tiny, "-o", first, "--type", "q8_0").Code);
        Assert.Equal(0, Ilgpudca.Run("quantize", "-m", first, "-o", second).Code);
        Assert.True(new FileInfo(second).Length < 0.7 * new FileInfo(first).Length);
        ProcessResult inspected = Ilgpudca.Run("inspect", "-m", second, "--device", "cpu");
        Assert.Equal(0, inspected.Code);
        Assert.Contains("model.layers.0.mlp.down_proj.weight\tQ4_K\t[256, 768]", inspected.Output, StringComparison.Ordinal);
        Assert.Equal([second, first], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void OfTwoWritersAtOnceEachWritesAWholeFile()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs bash");
        string file = Path.Combine(_folder, "both.gguf"), convert = $"\"$1\" convert -m {_tiny} -o {file} --force";
        ProcessResult result = Ilgpudca.Shell($"{convert} & first=$!; {convert} --type f32 && wait $first");
        Assert.True(result.Code == 0, result.Errors);
        Assert.Equal(0, Ilgpudca.Run("inspect", "-m", file, "--device", "cpu").Code);
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void TheModelIsNotWrittenOverThroughALink()
    {
        string file = Path.Combine(_folder, "tiny.gguf"), link = Path.Combine(_folder, "link.gguf");
        Assert.Equal(0, Ilgpudca.Run("convert", "-m", _tiny, "-o", file).Code);
        File.CreateSymbolicLink(link, file);
        Ilgpudca.IsSentence(Ilgpudca.Run("quantize", "-m", link, "-o", file, "--force"), 2, "which this command reads");
        Ilgpudca.IsSentence(Ilgpudca.Run("quantize", "-m", file, "-o", link, "--force"), 2, "which this command reads");
    }

    [Fact]
    public void MisuseIsNamed()
    {
        string file = Path.Combine(_folder, "there.gguf");
        File.WriteAllText(file, "GGUF");
        Ilgpudca.IsSentence(Ilgpudca.Run("convert", "-o", file), 2, "--model");
        Ilgpudca.IsSentence(Ilgpudca.Run("convert", "-m", _tiny), 2, "--output");
        Ilgpudca.IsSentence(Ilgpudca.Run("convert", "-m", _tiny, "-o", file), 2, "there already", "--force");
        Ilgpudca.IsSentence(Ilgpudca.Run("convert", "-m", _tiny, "-o", _folder), 2, "must end with .gguf");
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "folder.gguf")).FullName;
        Ilgpudca.IsSentence(Ilgpudca.Run("convert", "-m", _tiny, "-o", folder, "--force"), 2, "a folder");
        Ilgpudca.IsSentence(Ilgpudca.Run("convert", "-m", _tiny, "-o", file, "--type", "q9"), 2, "--type is 'q9'");
        Ilgpudca.IsSentence(Ilgpudca.Run("convert", "-m", file, "-o", Path.Combine(_folder, "b.gguf")), 3, file, "at byte 4");
        Ilgpudca.IsSentence(Ilgpudca.Run("convert", "-m", _tiny, "-o", "/proc/none/a.gguf"), 1, "can't be written");
        Assert.Equal("GGUF", File.ReadAllText(file));
    }

    static string TinyModel()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IlgpuDca.sln")))
                return Path.Combine(folder.FullName, "models", "tiny");
        }
        throw new InvalidOperationException($"No IlgpuDca.sln above {AppContext.BaseDirectory}.");
    }
}
