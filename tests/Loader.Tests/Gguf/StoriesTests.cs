using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>One published model in three formats: the same config and the same weights, row for row.</summary>
public class StoriesTests
{
    [Theory]
    [InlineData("stories260K.gguf")]
    [InlineData("stories260K.bin")]
    public void OtherFormatsAreTheSafetensors(string file)
    {
        using LlamaFiles expected = LlamaFiles.Open(
            ModelSource.FromPath(Repository.Shared("fixtures", "stories260K", "hf")));
        using LlamaFiles actual = LlamaFiles.Open(
            ModelSource.FromPath(Repository.Shared("fixtures", "stories260K", file)));
        Assert.Equal(expected.Config.Heads, actual.Config.Heads);
        Assert.Equal(expected.Config.KeyValueHeads, actual.Config.KeyValueHeads);
        Assert.Equal(expected.Config.RmsNormEpsilon, actual.Config.RmsNormEpsilon);
        Assert.Equal(expected.Config.Rope, actual.Config.Rope);
        Assert.Equal(expected.Config.VocabularySize, actual.Config.VocabularySize);
        for (int layer = 0; layer < expected.Config.Layers; layer++)
        {
            LlamaLayerTensors from = expected.Tensors.Layers[layer], to = actual.Tensors.Layers[layer];
            Same(from.InputNorm, to.InputNorm);
            Same(from.Query, to.Query);
            Same(from.Key, to.Key);
            Same(from.Value, to.Value);
            Same(from.Output, to.Output);
            Same(from.PostAttentionNorm, to.PostAttentionNorm);
            Same(from.FeedForward[0].Gate, to.FeedForward[0].Gate);
            Same(from.FeedForward[0].Up, to.FeedForward[0].Up);
            Same(from.FeedForward[0].Down, to.FeedForward[0].Down);
        }
        Same(expected.Tensors.Embedding, actual.Tensors.Embedding);
        Same(expected.Tensors.FinalNorm, actual.Tensors.FinalNorm);
        Same(expected.Tensors.Output, actual.Tensors.Output);
    }

    static void Same(WeightTensor expected, WeightTensor actual)
    {
        Assert.Equal(expected.Info.Shape.AsEnumerable(), actual.Info.Shape);
        float[] from = new float[expected.Info.Elements], to = new float[from.Length];
        expected.ToFloat32(0, from);
        actual.ToFloat32(0, to);
        Assert.Equal(from, to);
        // A run that begins and ends inside rows.
        if (from.Length < 100)
            return;
        ushort[] rounded = new ushort[from.Length - 90], cut = new ushort[rounded.Length];
        expected.ToBFloat16(41, rounded);
        actual.ToBFloat16(41, cut);
        Assert.Equal(rounded, cut);
    }
}
