using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Models written as GGUF: read again, and compared with what llama.cpp made of the same model.</summary>
public sealed class GgufConversionTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("ilgpudca").FullName;

    string Output => Path.Combine(_folder, "out.gguf");

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(TensorType.F32)]
    [InlineData(TensorType.BF16)]
    public void BFloat16ModelComesBackUnchanged(TensorType type)
    {
        using LlamaFiles original = Convert(ModelSource.FromFolder(Repository.TinyModel), type);
        using LlamaFiles written = LlamaFiles.Open(ModelSource.FromPath(Output));
        Assert.Equal(original.Config with { DType = null, DualChunk = null, EosIds = [] },
            written.Config with { EosIds = [] });
        Assert.Equal(original.Weights.Tensors.Keys.Order(), written.Weights.Tensors.Keys.Order());
        foreach ((string name, WeightTensor tensor) in original.Weights.Tensors)
            Assert.Equal(Values(tensor), Values(written.Weights.Find(name)!));
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Open(ModelSource.FromFolder(Repository.TinyModel));
        string[] tokens = written.Metadata!.Strings("tokenizer.ggml.tokens")!;
        Assert.Equal(tokenizer.VocabularySize, tokens.Length);
        Assert.Equal(Enumerable.Range(0, tokens.Length).Select(tokenizer.PieceText), tokens);
        Assert.Equal([_folder + "/out.gguf"], Directory.GetFiles(_folder));
    }

    /// <summary>Both formats leave the packer no choice, so the bytes must be llama.cpp's.</summary>
    [Theory]
    [InlineData(TensorType.Q8_0, 57)]
    [InlineData(TensorType.Q4_0, 56)]
    public void PackedBytesAreLlamaCpps(TensorType type, int matrices)
    {
        string fixture = Repository.Shared("fixtures", "gguf", $"tiny-{type}.gguf");
        Convert(ModelSource.FromFolder(Repository.TinyModel), type).Dispose();
        using GgufFile expected = GgufFile.Open(fixture), actual = GgufFile.Open(Output);
        int compared = 0;
        foreach (TensorInfo info in expected.Tensors.Values.Where(info => info.DType == type))
        {
            TensorInfo own = actual.Tensors[info.Name];
            Assert.Equal(type, own.DType);
            Assert.True(new WeightTensor(expected.Bytes, info).Bytes.SequenceEqual(
                new WeightTensor(actual.Bytes, own).Bytes), info.Name);
            compared++;
        }
        Assert.Equal(matrices, compared);
    }

    /// <summary>
    /// The packer of Q4_K searches; its weighted error must not be above that of llama.cpp's search by more than a
    /// hundredth in any matrix that both packed so.
    /// </summary>
    [Fact]
    public void SearchedCodesAreAsGoodAsLlamaCpps()
    {
        string fixture = Repository.Shared("fixtures", "gguf", "tiny-Q4_K_M.gguf");
        using LlamaFiles original = Convert(ModelSource.FromFolder(Repository.TinyModel), TensorType.Q4_K);
        using LlamaFiles theirs = LlamaFiles.Open(ModelSource.FromPath(fixture));
        using LlamaFiles ours = LlamaFiles.Open(ModelSource.FromPath(Output));
        int compared = 0;
        foreach ((string name, WeightTensor tensor) in theirs.Weights.Tensors)
        {
            if (tensor.Info.DType != TensorType.Q4_K || ours.Weights.Find(name)!.Info.DType != TensorType.Q4_K)
                continue;
            float[] exact = Values(original.Weights.Find(name)!);
            double limit = 1.01 * Error(exact, Values(tensor)), error = Error(exact, Values(ours.Weights.Find(name)!));
            if (!(error <= limit))
                Assert.Fail($"{name}: error {error:g4}, expected at most {limit:g4}");
            compared++;
        }
        Assert.Equal(48, compared);
    }

    [Fact]
    public void QuantizedFileIsQuantizedAgainWithItsMetadata()
    {
        byte[] file = GgufBuilder.Llama().Build();
        var source = new MemoryModelFile("x.gguf", file);
        using LlamaFiles original = Convert(source, TensorType.Q8_0);
        using LlamaFiles written = LlamaFiles.Open(ModelSource.FromPath(Output));
        Assert.Equal(original.Metadata!.Keys.Append("general.file_type").Append("general.quantization_version").Order(),
            written.Metadata!.Keys.Order());
        foreach ((string name, WeightTensor tensor) in original.Weights.Tensors)
        {
            WeightTensor own = written.Weights.Find(name)!;
            Assert.Equal(tensor.Info.Shape.Length == 1 ? TensorType.F32 : TensorType.Q8_0, own.Info.DType);
            if (tensor.Info.DType is TensorType.F32)
                Assert.Equal(Values(tensor), Values(own));
        }
        // Off by half a step, the step a 127th of the largest, and by what half precision makes of the step.
        float[] exact = Values(original.Tensors.Layers[0].FeedForward[0].Up), packed = Values(written.Tensors.Layers[0].FeedForward[0].Up);
        for (int block = 0; block < exact.Length; block += 32)
        {
            double limit = exact[block..(block + 32)].Max(Math.Abs) / 127.0 * (0.5 + 127 / 2048.0);
            for (int i = block; i < block + 32; i++)
                Assert.True(
                    Math.Abs((double)exact[i] - packed[i]) <= limit, $"[{i}] is {packed[i]}, expected {exact[i]}");
        }
    }

    [Fact]
    public void AStoppedConversionLeavesNothing()
    {
        ModelSource source = ModelSource.FromFolder(Repository.TinyModel);
        using LlamaFiles files = LlamaFiles.Open(source);
        using var stop = new CancellationTokenSource();
        var progress = new Stopping(stop);
        Assert.Throws<OperationCanceledException>(
            () => GgufConversion.Write(source, files, TensorType.F16, Output, progress, stop.Token));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void NumbersThatHaveNoPlaceAreNamed()
    {
        GgufBuilder builder = GgufBuilder.Llama();
        BitConverter.TryWriteBytes(builder.Tensor("token_embd.weight").Data, Half.NaN);
        var source = new MemoryModelFile("x.gguf", builder.Build());
        using LlamaFiles files = LlamaFiles.Open(source);
        var error = Assert.Throws<ModelFormatException>(
            () => GgufConversion.Write(source, files, TensorType.Q8_0, Output, null, Token));
        Assert.StartsWith("memory/x.gguf: 'token_embd.weight' holds NaN", error.Message);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void AModelWithoutATokenizerIsRefused()
    {
        ModelSource source = SyntheticModel.Source(("config.json", Encoding.UTF8.GetBytes(SyntheticModel.Config)),
            ("model.safetensors", SyntheticModel.Weights(SyntheticModel.Tensors)));
        using LlamaFiles files = LlamaFiles.Open(source);
        Assert.StartsWith("memory: has neither tokenizer.model nor tokenizer.json", Assert.Throws<ModelFormatException>(
            () => GgufConversion.Write(source, files, TensorType.F16, Output, null, Token)).Message);
    }

    LlamaFiles Convert(ModelSource source, TensorType type)
    {
        LlamaFiles files = LlamaFiles.Open(source);
        GgufConversion.Write(source, files, type, Output, null, Token);
        return files;
    }

    static double Error(float[] exact, float[] quantized)
    {
        double typical = Math.Sqrt(exact.Average(value => (double)value * value));
        return exact.Zip(quantized, (a, b) => (typical + Math.Abs(a)) * Math.Pow((double)a - b, 2)).Sum();
    }

    static float[] Values(WeightTensor tensor)
    {
        float[] values = new float[tensor.Info.Elements];
        tensor.ToFloat32(0, values);
        return values;
    }

    sealed class Stopping(CancellationTokenSource stop) : IProgress<double>
    {
        public void Report(double value) => stop.Cancel();
    }
}
