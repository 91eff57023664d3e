using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>The published ids of difficult texts.</summary>
public class VectorTests
{
    [Theory]
    [InlineData("llama2.model", "llama-spm")]
    [InlineData("llama2.json", "llama-spm")]
    [InlineData("llama2.bin", "llama-spm")]
    [InlineData("llama2.gguf", "llama-spm")]
    [InlineData("qwen3", "qwen2")]
    public void IdsAreThePublishedOnes(string name, string vectors)
    {
        string path = Path.Combine(Fixtures.Shared("vectors"), $"ggml-vocab-{vectors}.gguf");
        Tokenizer tokenizer = Fixtures.Open(name);
        string[] inputs = File.ReadAllText(path + ".inp").Split("\n__ggml_vocab_test__\n")[..^1];
        string[] outputs = File.ReadAllText(path + ".out").Split('\n')[..^1];
        Assert.True(outputs.Length > 30);
        Assert.Equal(outputs.Length, inputs.Length);
        for (int i = 0; i < outputs.Length; i++)
        {
            int[] expected = [.. outputs[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            Assert.Equal(expected, tokenizer.Encode(inputs[i], addBos: false));
        }
    }

    /// <summary>Four files of one vocabulary agree on books, too.</summary>
    [Fact]
    public void FilesOfOneVocabularyAgree()
    {
        string text = File.ReadAllText(Repository.Shared("text", "moby_dick.txt"))[..300_000];
        int[] expected = Fixtures.Open("llama2.model").Encode(text, addBos: true);
        foreach (string name in (string[])["llama2.json", "llama2.bin", "llama2.gguf"])
            Assert.Equal(expected, Fixtures.Open(name).Encode(text, addBos: true));
    }

    [Fact]
    public void RolesAreRead()
    {
        foreach (string name in (string[])["llama2.model", "llama2.json", "llama2.bin", "llama2.gguf"])
        {
            Tokenizer llama = Fixtures.Open(name);
            Assert.Equal((32_000, 1, 2, 0, true), (llama.VocabularySize, llama.BosId, llama.EosId, llama.UnkId, llama.AddsBos));
            Assert.Equal([2], llama.EndIds);
            Assert.Equal([1, 2], llama.Encode("<s></s>", addBos: false, parseSpecial: true));
        }
        Tokenizer qwen = Fixtures.Open("qwen3");
        Assert.Equal((151_669, null, 151_645, null, false), (qwen.VocabularySize, qwen.BosId, qwen.EosId, qwen.UnkId, qwen.AddsBos));
        Assert.Equal([151_643, 151_645], qwen.EndIds.Order());
        int[] turn = qwen.Encode("<|im_start|>system\n", addBos: false, parseSpecial: true);
        Assert.Equal(["<|im_start|>", "system", "Ċ"], turn.Select(qwen.PieceText));
        Assert.Equal("system\n", qwen.Decode(turn));
        Assert.Equal("<think>", qwen.Decode(qwen.Encode("<think>", addBos: false)));
    }
}
