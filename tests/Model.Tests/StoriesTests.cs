using System.Text;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>A published model tells its published story from each format that it comes in.</summary>
public class StoriesTests
{
    const int Bos = 1;

    /// <summary>llama2.c's default: that many steps, the first of which reads bos.</summary>
    const int Tokens = 256;

    [Theory]
    [InlineData("hf")]
    [InlineData("stories260K.gguf")]
    [InlineData("stories260K.bin")]
    public void TheStoryIsToldToTheLetter(string file)
    {
        string path = Repository.Shared("fixtures", "stories260K", file);
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromPath(path));
        using Engine engine = Engine.Load(device, files, null, new EngineOptions { Mode = ComputeMode.Float32 });
        AttentionPlan plan = AttentionPlan.Decide(
            engine.Config, new AttentionOptions { Mode = AttentionMode.Dense }, Tokens + 1);
        using TextSession session = engine.Begin(plan, Tokens + 1);
        session.Append([Bos]);
        string[] pieces = Pieces();
        var text = new StringBuilder();
        foreach (int id in TextGenerator.Generate(session, Tokens, SamplingOptions.Greedy, [Bos]))
            text.Append(id == Bos ? "" : Text(pieces[id]));
        string expected = File.ReadAllText(Repository.Shared("fixtures", "stories260K", "expected_greedy.txt"));
        Assert.Equal(expected.TrimEnd(), text.ToString().TrimStart());
    }

    /// <summary>The vocabulary is the same in all formats; the GGUF file holds it.</summary>
    static string[] Pieces()
    {
        using GgufFile file = GgufFile.Open(Repository.Shared("fixtures", "stories260K", "stories260K.gguf"));
        return file.Metadata.Strings("tokenizer.ggml.tokens")!;
    }

    /// <summary>A piece of ASCII text: a byte in the form &lt;0x0A&gt;, or letters with U+2581 for a blank.</summary>
    static string Text(string piece) => piece.StartsWith("<0x", StringComparison.Ordinal)
        ? $"{(char)Convert.ToByte(piece[3..5], 16)}" : piece.Replace('\u2581', ' ');
}
