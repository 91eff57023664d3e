using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Files that llama.cpp wrote open, with their metadata and all their tensors.</summary>
public class GgufFixtureTests
{
    [Fact]
    public void VocabularyFileHasItsMetadata()
    {
        using GgufFile file = GgufFile.Open(Repository.Shared("fixtures", "tokenizers", "ggml-vocab-llama-spm.gguf"));
        Assert.Empty(file.Tensors);
        Assert.Equal("llama", file.Metadata.Text("general.architecture"));
        Assert.Equal(32_000, file.Metadata.Strings("tokenizer.ggml.tokens")!.Length);
        Assert.Equal(32_000, file.Metadata.Numbers("tokenizer.ggml.scores")!.Length);
        Assert.Equal("▁the", file.Metadata.Strings("tokenizer.ggml.tokens")![278]);
        Assert.Equal(1, file.Metadata.Integer("tokenizer.ggml.bos_token_id"));
        Assert.Null(file.Metadata.Integer("absent"));
        ModelFormatException error =
            Assert.Throws<ModelFormatException>(() => file.Metadata.Flag("tokenizer.ggml.bos_token_id"));
        Assert.Contains("'tokenizer.ggml.bos_token_id' (at byte ", error.Message);
        Assert.Contains("is UInt32, expected true or false. Fix: ", error.Message);
    }
}
