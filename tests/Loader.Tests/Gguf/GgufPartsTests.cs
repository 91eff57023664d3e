using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Split GGUF models, folders that hold one, stacked experts.</summary>
public sealed class GgufPartsTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("ilgpudca").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AnyPartOpensAllAndSoDoesTheFolder()
    {
        WriteParts();
        foreach (string path in (string[])[Part(1), Part(2), Part(3), _folder])
        {
            using LlamaFiles files = LlamaFiles.Open(ModelSource.FromPath(path));
            Assert.Equal(3, files.Weights.Files.Count);
            Assert.Equal(11, files.Weights.Tensors.Count);
            Assert.Equal(Part(3), files.Tensors.Layers[0].FeedForward[0].Down.File);
        }
    }

    [Fact]
    public void PartsThatDoNotBelongTogetherAreNamed()
    {
        WriteParts();
        File.Copy(Part(2), Part(3), overwrite: true);
        Refused(Part(1), Part(3), "'split.no'");
        File.Delete(Part(3));
        Refused(Part(1), Part(3), "is not there, part 3 of 3");
        WriteParts(tensors: 12);
        Refused(Part(1), Part(1), "'split.tensors.count' (at byte ");
        WriteParts(count: 2);
        Refused(Part(1), Part(1), "'split.count' (at byte ");
        WriteParts(moved: 0);
        Refused(Part(1), Part(3), "is also in ");
    }

    [Fact]
    public void AFolderOfSeveralModelsIsRefused()
    {
        File.WriteAllBytes(Path.Combine(_folder, "a.gguf"), GgufBuilder.Llama().Build());
        File.WriteAllBytes(Path.Combine(_folder, "b.gguf"), GgufBuilder.Llama().Build());
        Refused(_folder, _folder, "holds several models, such as 'a.gguf' and 'b.gguf'");
        File.WriteAllText(Path.Combine(_folder, "c.onnx"), "");
        string other = Path.Combine(_folder, "c.onnx");
        Refused(other, other, "ends neither with .gguf nor with .bin");
    }

    [Fact]
    public void ExpertsAreSlicesOfTheStack()
    {
        GgufBuilder builder = GgufBuilder.Llama();
        builder.Set("llama.expert_count", 3u);
        builder.Add("blk.0.ffn_up_exps.weight", 8, 32, 2, 3);
        builder.Add("blk.0.ffn_gate_inp.weight", 0, 32, 3);
        using GgufFile file = GgufFile.Open(FileBytes.From("x.gguf", builder.Build()));
        TensorInfo stack = file.Tensors["blk.0.ffn_up_exps.weight"];
        float[] whole = new float[stack.Elements];
        new WeightTensor(file.Bytes, stack).ToFloat32(0, whole);
        var weights = new ModelWeights("x.gguf");
        foreach (TensorInfo info in file.Tensors.Values)
            GgufModel.Add(weights, file, info, GgufArchitecture.Of(file.Metadata), GgufBuilder.HeadDim, file.Metadata);
        Assert.Equal([3, 32], weights.Find("model.layers.0.mlp.gate.weight")!.Info.Shape.AsEnumerable());
        for (int expert = 0; expert < 3; expert++)
        {
            WeightTensor slice = weights.Find($"model.layers.0.mlp.experts.{expert}.up_proj.weight")!;
            Assert.Equal([2, 32], slice.Info.Shape.AsEnumerable());
            float[] values = new float[64];
            slice.ToFloat32(0, values);
            Assert.Equal(whole[(64 * expert)..(64 * expert + 64)], values);
        }
    }

    string Part(int number) => Path.Combine(_folder, $"m-{number:D5}-of-00003.gguf");

    /// <summary>The model's tensors over three parts.</summary>
    /// <param name="count">What split.count says.</param>
    /// <param name="tensors">What split.tensors.count says.</param>
    /// <param name="moved">A tensor that the last part has beside its own; none below 0.</param>
    void WriteParts(uint count = 3, uint tensors = 11, int moved = -1)
    {
        for (int part = 0; part < 3; part++)
        {
            GgufBuilder builder = GgufBuilder.Llama();
            List<GgufBuilderTensor> all = [.. builder.Tensors];
            builder.Tensors.Clear();
            builder.Tensors.AddRange(all.Where((_, i) => i * 3 / all.Count == part || (part == 2 && i == moved)));
            if (part > 0)
                builder.Values.Clear();
            builder.Set("split.no", (uint)part);
            builder.Set("split.count", count);
            builder.Set("split.tensors.count", moved < 0 ? tensors : 12);
            File.WriteAllBytes(Part(part + 1), builder.Build());
        }
    }

    static void Refused(string path, string file, string named)
    {
        var error = Assert.Throws<ModelFormatException>(() => LlamaFiles.Open(ModelSource.FromPath(path)));
        Assert.StartsWith(file + ": ", error.Message);
        Assert.Contains(named, error.Message);
    }
}
