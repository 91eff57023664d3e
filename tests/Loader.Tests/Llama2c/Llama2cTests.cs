using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>llama2.c files: where each matrix lies, and the wrong ones.</summary>
public class Llama2cTests
{
    const int Dim = 16, FeedForward = 24, Layers = 2, Heads = 2, KeyValueHeads = 1, Vocabulary = 11, Length = 5;

    /// <summary>Number i of the file is i, so that a value tells its place.</summary>
    public static byte[] Model(bool untied)
    {
        const int keyValue = Dim / Heads * KeyValueHeads;
        const int layer = 2 * Dim + 2 * Dim * Dim + 2 * keyValue * Dim + 3 * Dim * FeedForward;
        int numbers = 7 + Vocabulary * Dim + Layers * layer + Dim + Length * (Dim / Heads) + (untied ? Vocabulary * Dim : 0);
        int[] header = [Dim, FeedForward, Layers, Heads, KeyValueHeads, untied ? -Vocabulary : Vocabulary, Length];
        return [.. header.SelectMany(BitConverter.GetBytes),
            .. Enumerable.Range(7, numbers - 7).SelectMany(i => BitConverter.GetBytes((float)i))];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MatricesLieInOrder(bool untied)
    {
        using LlamaFiles files = LlamaFiles.Open(new MemoryModelFile("x.bin", Model(untied)));
        Assert.Equal(!untied, files.Config.TieWordEmbeddings);
        Assert.Equal(Vocabulary, files.Config.VocabularySize);
        Assert.Equal(1, files.Config.BosId);
        LlamaLayerTensors second = files.Tensors.Layers[1];
        int queries = 7 + Vocabulary * Dim + Layers * Dim + Dim * Dim;
        Assert.Equal(7, First(files.Tensors.Embedding, 0));
        // Row 1 is the next pair's first half, which the file has after that pair's second half.
        Assert.Equal(queries, First(second.Query, 0));
        Assert.Equal(queries + 2 * Dim, First(second.Query, Dim));
        Assert.Equal(queries + Dim, First(second.Query, 4 * Dim));
        int down = queries + Dim * Dim + 2 * Layers * 8 * Dim + Layers * (Dim * Dim + Dim) + Layers * FeedForward * Dim;
        Assert.Equal(down, First(files.Tensors.Layers[0].FeedForward[0].Down, 0));
        int finalNorm = down + 2 * Layers * FeedForward * Dim;
        Assert.Equal(finalNorm, First(files.Tensors.FinalNorm, 0));
        Assert.Equal(untied ? finalNorm + Dim + Length * 8 : 7, First(files.Tensors.Output, 0));
    }

    [Fact]
    public void WrongFilesAreRefused()
    {
        byte[] good = Model(untied: false);
        Refused(good[..20], "has 20 bytes, expected at least 28");
        Refused(good[..^4], "'the RoPE tables' has 40 numbers of 4 bytes");
        Refused([.. good, 0, 0, 0, 0], "but its header describes");
        Refused(With(good, 0, 0x616B3432), "is of version 24");
        Refused(With(good, 0, 0), "'dim, at byte 0' is 0, expected a whole number from 1");
        Refused(With(good, 1, int.MinValue), "'hidden_dim, at byte 4' is -2147483648");
        Refused(With(good, 2, 1_000), "at byte ");
        Refused(With(good, 3, 3), "'n_heads, at byte 12' is 3, expected a divisor");
        Refused(With(good, 4, 0), "'n_kv_heads, at byte 16' is 0");
        Refused(With(good, 5, int.MinValue), "'vocab_size, at byte 20' is 2147483648");
        Refused(With(good, 6, 1 << 27), "'the RoPE tables' has");
    }

    static byte[] With(byte[] file, int index, int value)
    {
        byte[] changed = [.. file];
        BitConverter.TryWriteBytes(changed.AsSpan(4 * index), value);
        return changed;
    }

    static float First(WeightTensor tensor, int element)
    {
        float[] value = new float[1];
        tensor.ToFloat32(element, value);
        return value[0];
    }

    static void Refused(byte[] bytes, string named)
    {
        var error = Assert.Throws<ModelFormatException>(() => LlamaFiles.Open(new MemoryModelFile("x.bin", bytes)));
        Assert.StartsWith("memory/x.bin: ", error.Message);
        Assert.Contains(named, error.Message);
        Assert.Contains("Fix: ", error.Message);
    }
}
