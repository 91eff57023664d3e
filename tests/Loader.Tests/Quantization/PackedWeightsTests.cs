using System.Runtime.InteropServices;
using IlgpuDca.Loader.Quantization;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>AWQ, GPTQ and FP8 matrices against what they were packed from.</summary>
public class PackedWeightsTests(ITestOutputHelper output)
{
    public static TheoryData<PackedModelKind> Kinds { get; } = [.. Enum.GetValues<PackedModelKind>()];

    /// <summary>Differences of codes are exact in float32; the product with the scale rounds once.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryElementIsWhatWasPacked(PackedModelKind kind)
    {
        var model = new PackedModel(kind);
        using LlamaFiles files = LlamaFiles.Open(model.Source);
        Assert.Equal(7, model.Expected.Count);
        foreach ((string name, double[] expected) in model.Expected)
        {
            WeightTensor tensor = files.Weights.Find(name)!;
            float[] actual = new float[tensor.Info.Elements];
            tensor.ToFloat32(0, actual);
            for (int i = 0; i < actual.Length; i++)
            {
                double limit = Math.Abs(expected[i]) / (1 << 24);
                if (!(Math.Abs(actual[i] - expected[i]) <= limit))
                    Assert.Fail($"{kind} {name}[{i}] is {actual[i]}, expected {expected[i]:R} within {limit:g3}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RunsAreCutsOfTheWhole(PackedModelKind kind)
    {
        using LlamaFiles files = LlamaFiles.Open(new PackedModel(kind).Source);
        WeightTensor tensor = files.Tensors.Layers[0].FeedForward[0].Gate;
        float[] whole = new float[tensor.Info.Elements];
        tensor.ToFloat32(0, whole);
        ushort[] wholeRounded = new ushort[whole.Length];
        WeightConversion.Round(whole, wholeRounded);
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            int start = random.Next(whole.Length), count = random.Next(whole.Length - start + 1);
            float[] part = new float[count];
            ushort[] rounded = new ushort[count];
            tensor.ToFloat32(start, part);
            tensor.ToBFloat16(start, rounded);
            Assert.True(whole.AsSpan(start, count).SequenceEqual(part), $"{kind} {start} + {count}");
            Assert.True(wholeRounded.AsSpan(start, count).SequenceEqual(rounded), $"{kind} {start} + {count}");
        }
    }

    [Fact]
    public void EveryFloat8IsItsDefinition()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        var info = new TensorInfo("made", TensorType.F8_E4M3, [2, 128], 0, 256);
        var codes = new WeightTensor(FileBytes.From("made", all), info);
        float[] values = new float[256];
        new ScaledFloat8Tensor(codes, Float32(1), 2, 128).ToFloat32(0, values);
        for (int code = 0; code < 256; code++)
        {
            (int exponent, int mantissa) = (code / 8 % 16, code % 8);
            double value = exponent == 0 ? mantissa / 512.0 : (1 + mantissa / 8.0) * Math.Pow(2, exponent - 7);
            Assert.Equal(code % 128 == 127 ? double.NaN : code < 128 ? value : -value, values[code]);
        }
    }

    /// <summary>
    /// Groups give exactly what is read, from wherever they are read; a group with a code of NaN is NaN.
    /// </summary>
    [Theory]
    [InlineData(2, 64, 64)]
    [InlineData(1, 384, 128)]
    [InlineData(4, 48, 16)]
    [InlineData(4, 384, 128)]
    public void GroupsOfFloat8AreWhatIsRead(int blockRows, int blockColumns, int group)
    {
        const int Rows = 4, Columns = 384, Count = Rows * Columns, Bad = 700;
        var random = new Random(3);
        byte[] bytes = [.. Enumerable.Range(0, Count).Select(i => (byte)(i == Bad ? 0xFF : random.Next(127)
            + 128 * random.Next(2)))];
        float[] blockScales = [.. Enumerable.Range(0, Rows / blockRows * (Columns / blockColumns)).Select(_ =>
            (float)random.NextDouble())];
        var tensor = new ScaledFloat8Tensor(new WeightTensor(FileBytes.From("made", bytes), new TensorInfo("made",
            TensorType.F8_E4M3, [Rows, Columns], 0, Count)), Float32(blockScales), blockRows, blockColumns);
        GroupedFormat format = tensor.Grouped!.Value;
        Assert.Equal(new GroupedFormat(8, group, false) { IsFloat8 = true }, format);
        byte[] codes = new byte[Count];
        Half[] halves = new Half[Count / group * format.GroupHalves];
        const int Cut = 2 * WeightTensor.GroupedUnit;
        tensor.ToGroups(0, codes.AsSpan(0, Cut), halves.AsSpan(0, Cut / group * 2));
        tensor.ToGroups(Cut, codes.AsSpan(Cut), halves.AsSpan(Cut / group * 2));
        Assert.Equal(bytes, codes);
        float[] scales = MemoryMarshal.Cast<Half, float>(halves.AsSpan()).ToArray();
        for (int i = 0; i < Count; i++)
        {
            (int row, int column) = (i / Columns, i % Columns);
            float expected = i / group == Bad / group ? float.NaN
                : blockScales[row / blockRows * (Columns / blockColumns) + column / blockColumns];
            Assert.Equal(expected, scales[i / group]);
        }
    }

    /// <summary>
    /// Codes, scales and offsets give exactly what is read, each row in its order of inputs, from wherever they are read.
    /// </summary>
    [Theory]
    [InlineData("AWQ", 32)]
    [InlineData("AWQ", 128)]
    [InlineData("GPTQ", 64)]
    [InlineData("GPTQ with g_idx", 32)]
    [InlineData("GPTQ with g_idx", 128)]
    public void GroupsOfFourBitsAreWhatIsRead(string kind, int group)
    {
        // More outputs than are turned at once, and no multiple of what a vector takes.
        const int Outputs = 152, Inputs = 384, Count = Outputs * Inputs;
        int groups = Inputs / group;
        WeightTensor codes = Made(TensorType.I32, Count / 8), zeros = Made(TensorType.I32, groups, Outputs / 8);
        var random = new Random(group);
        Half[] drawn = [.. Enumerable.Range(0, groups * Outputs).Select(_ => (Half)(random.NextDouble() + 0.1))];
        byte[] halves = MemoryMarshal.AsBytes<Half>(drawn).ToArray();
        WeightTensor scales = new(
            FileBytes.From("made", halves), new TensorInfo("made", TensorType.F16, [groups, Outputs], 0, halves.Length));
        int[] order = [.. Enumerable.Range(0, Inputs)];
        random.Shuffle(order);
        bool hasOrder = kind.EndsWith("g_idx", StringComparison.Ordinal);
        byte[] indices = MemoryMarshal.AsBytes<int>([.. order.Select(place => place / group)]).ToArray();
        TensorInfo info = codes.Info with { Shape = [Outputs, Inputs], DType = TensorType.GPTQ4 };
        WeightTensor tensor = kind == "AWQ"
            ? new AwqTensor(codes, info with { DType = TensorType.AWQ4 }, zeros, scales, group)
            : new GptqTensor(codes, info, zeros, scales, hasOrder ? new WeightTensor(
                FileBytes.From("made", indices), new TensorInfo("g_idx", TensorType.I32, [Inputs], 0, indices.Length)) : null, group, 1);
        Assert.Equal(new GroupedFormat(4, group, true), tensor.Grouped);
        Assert.Equal(hasOrder, tensor.InputOrder is not null);
        float[] expected = new float[Count];
        tensor.ToFloat32(0, expected);

        byte[] packed = new byte[Count / 2];
        Half[] read = new Half[Count / group * 2];
        for (int start = 0, next; start < Count; start = next)
        {
            next = Math.Min(Count, start + WeightTensor.GroupedUnit * random.Next(1, 60));
            tensor.ToGroups(start, packed.AsSpan(start / 2, (next - start) / 2),
                read.AsSpan(start / group * 2, (next - start) / group * 2));
        }
        for (int i = 0; i < Count; i++)
        {
            (int row, int place) = (i / Inputs, i % Inputs);
            int input = tensor.InputOrder?[place] ?? place, within = i % 8;
            int code = (packed[i / 8 * 4 + within % 4] >> (within / 4 * 4)) & 0xF;
            float scale = (float)read[i / group * 2];
            float zero = MathF.Round(-(float)read[i / group * 2 + 1] / scale);
            Assert.InRange(zero, 0, 15);
            Assert.Equal((Half)(-(zero * scale)), read[i / group * 2 + 1]);
            Assert.Equal(expected[row * Inputs + input], (code - zero) * scale);
        }
    }

    /// <summary>Kernels take groups of one size.</summary>
    [Fact]
    public void GroupsOfSeveralSizesAreExpanded()
    {
        byte[] indices = MemoryMarshal.AsBytes<int>([.. Enumerable.Range(0, 64).Select(i => i < 31 ? 0 : 1)]).ToArray();
        WeightTensor codes = Made(TensorType.I32, 64);
        var tensor = new GptqTensor(
            codes, codes.Info with { Shape = [8, 64], DType = TensorType.GPTQ4 }, Made(TensorType.I32, 2, 1), Made(TensorType.F16, 2, 8),
            new WeightTensor(FileBytes.From("made", indices), new TensorInfo("g_idx", TensorType.I32, [64], 0, indices.Length)), 32, 1);
        Assert.Null(tensor.Grouped);
        Assert.Null(tensor.InputOrder);
    }

    [Fact]
    public void BlocksThatCutGroupsAreNoGroups()
    {
        var codes = new WeightTensor(FileBytes.From("made", new byte[240]),
            new TensorInfo("made", TensorType.F8_E4M3, [1, 240], 0, 240));
        Assert.Null(new ScaledFloat8Tensor(codes, Float32([.. new float[30]]), 1, 8).Grouped);
        Assert.Null(new ScaledFloat8Tensor(codes, Float32([.. new float[10]]), 1, 25).Grouped);
    }

    static WeightTensor Float32(params float[] values) => new(FileBytes.From("made",
        MemoryMarshal.AsBytes<float>(values).ToArray()), new TensorInfo("made", TensorType.F32, [values.Length], 0,
        values.Length * sizeof(float)));

    const string Gate = "model.layers.0.mlp.gate_proj";

    [Fact]
    public void PartsThatDoNotFitAreNamed()
    {
        Refused(PackedModelKind.Awq, model => model.Remove(Gate + ".scales"), $"needs '{Gate}.scales'");
        Refused(PackedModelKind.Awq, model => model.Change(Gate + ".qzeros", part => (part.Type, [6, 1], part.Data)),
            $"'{Gate}.qzeros' is I32 of shape [6, 1], expected I32 of shape [2, 3]");
        Refused(PackedModelKind.Awq, model => model.Change(Gate + ".scales", part => ("I16", part.Shape, part.Data)),
            $"'{Gate}.scales' is I16");
        Refused(PackedModelKind.Gptq, model => model.Change(Gate + ".qweight", part => (part.Type, [48], part.Data)),
            $"'{Gate}.qweight' is I32 of shape [48]");
        Refused(PackedModelKind.GptqActOrder, model => model.Change(Gate + ".g_idx", part =>
        {
            part.Data[20] = 2;
            return part;
        }), $"'{Gate}.g_idx' (at byte ");
        Refused(PackedModelKind.Float8Blocks, model => model.Remove(Gate + ".weight_scale_inv"),
            $"needs '{Gate}.weight_scale'");
        Refused(PackedModelKind.Float8Blocks,
            model => model.Change(Gate + ".weight_scale_inv", part => (part.Type, [9], part.Data)),
            $"'{Gate}.weight_scale_inv' is F32 of shape [9], expected [3, 3]");
        // A bias that is not zero would change the model.
        Refused(PackedModelKind.Gptq, model => model.Change(Gate + ".bias", part => (part.Type, part.Shape,
            [.. part.Data.Select(_ => (byte)1)])), $"'{Gate}.bias'");
    }

    /// <summary>Writers without act-order leave g_idx so.</summary>
    [Fact]
    public void GroupsFollowEachOtherWhereAllInputsAreInTheFirst()
    {
        WeightTensor codes = Made(TensorType.I32, 64), zeros = Made(TensorType.I32, 2, 1);
        byte[] halves = MemoryMarshal.AsBytes<Half>([.. Enumerable.Range(1, 16).Select(i => (Half)i)]).ToArray();
        byte[] zero = new byte[64 * sizeof(int)];
        WeightTensor scales = new(FileBytes.From("made", halves), new TensorInfo("made", TensorType.F16, [2, 8], 0, halves.Length));
        WeightTensor indices = new(FileBytes.From("made", zero), new TensorInfo("g_idx", TensorType.I32, [64], 0, zero.Length));
        TensorInfo info = codes.Info with { Shape = [8, 64], DType = TensorType.GPTQ4 };
        GptqTensor plain = new(codes, info, zeros, scales, null, 32, 1), tensor = new(codes, info, zeros, scales, indices, 32, 1);
        Assert.Null(tensor.InputOrder);
        float[] expected = new float[512], found = new float[512];
        plain.ToFloat32(0, expected);
        tensor.ToFloat32(0, found);
        Assert.Equal(expected, found);
    }

    /// <summary>Inputs of products are 8-bit floats where the file says so, and else as they are.</summary>
    [Theory]
    [InlineData(PackedModelKind.Float8Blocks, "dynamic", "dynamic", true)]
    [InlineData(PackedModelKind.Float8Blocks, "dynamic", "static", true)]
    [InlineData(PackedModelKind.Float8Blocks, "\"activation_scheme\":\"dynamic\",", "", false)]
    [InlineData(PackedModelKind.Float8Channels, "\"weights\"", "\"weights\"", false)]
    [InlineData(PackedModelKind.Float8Channels, "\"weights\"", "\"input_activations\":null,\"weights\"", false)]
    [InlineData(PackedModelKind.Float8Channels, "\"weights\"",
        "\"input_activations\":{\"num_bits\":8,\"type\":\"float\",\"dynamic\":true},\"weights\"", true)]
    [InlineData(PackedModelKind.Float8Channels, "\"weights\"",
        "\"input_activations\":{\"num_bits\":8,\"type\":\"int\",\"dynamic\":true},\"weights\"", false)]
    public void InputsAreFloat8WhereTheFileSaysSo(PackedModelKind kind, string from, string to, bool expected)
    {
        string config = new PackedModel(kind).Config.Replace(from, to);
        ModelConfig read = ModelConfig.Parse("config.json", System.Text.Encoding.UTF8.GetBytes(config));
        Assert.Equal(expected, read.Quantization!.HasFloat8Inputs);
    }

    [Theory]
    [InlineData("awq", "exl2", "quant_method")]
    [InlineData("\"bits\":4", "\"bits\":3", "bits")]
    [InlineData("GEMM", "gemv", "version")]
    [InlineData("\"zero_point\":true", "\"zero_point\":false", "zero_point")]
    [InlineData("\"group_size\":8", "\"group_size\":12", "group_size")]
    [InlineData("\"group_size\":8", "\"group_size\":0", "group_size")]
    public void ConfigThatIsNotReadIsNamed(string from, string to, string named)
    {
        string config = new PackedModel(PackedModelKind.Awq).Config.Replace(from, to);
        var error = Assert.Throws<ModelFormatException>(
            () => ModelConfig.Parse("config.json", System.Text.Encoding.UTF8.GetBytes(config)));
        Assert.Contains($"'quantization_config.{named}' is ", error.Message);
    }

    static void Refused(PackedModelKind kind, Action<PackedModel> spoil, string named)
    {
        var model = new PackedModel(kind);
        spoil(model);
        var error = Assert.Throws<ModelFormatException>(() => LlamaFiles.Open(model.Source));
        Assert.StartsWith("memory/model.safetensors: ", error.Message);
        Assert.Contains(named, error.Message);
    }

    /// <summary>Set ILGPUDCA_MEASURE=1; prints the rates that docs/formats.md quotes.</summary>
    [Fact]
    public void Rates()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ILGPUDCA_MEASURE") == "1", "needs ILGPUDCA_MEASURE=1");
        const int outputs = 4096, inputs = 4096, group = 128, groups = inputs / group;
        WeightTensor codes = Made(TensorType.I32, outputs * inputs / 8);
        WeightTensor zeros = Made(TensorType.I32, groups, outputs / 8);
        WeightTensor scales = Made(TensorType.F16, groups, outputs);
        TensorInfo info = codes.Info with { Shape = [outputs, inputs], DType = TensorType.AWQ4 };
        Print("AWQ", new AwqTensor(codes, info, zeros, scales, group));
        Print("GPTQ", new GptqTensor(codes, info, zeros, scales, null, group, 1));
        byte[] shuffled = [.. Enumerable.Range(0, inputs).SelectMany(i => BitConverter.GetBytes(i * 7 % groups))];
        var order = new TensorInfo("g_idx", TensorType.I32, [inputs], 0, shuffled.Length);
        Print("GPTQ with g_idx", new GptqTensor(codes, info, zeros, scales,
            new WeightTensor(FileBytes.From("made", shuffled), order), group, 1));
        Print("FP8 of blocks", new ScaledFloat8Tensor(
            Made(TensorType.F8_E4M3, outputs, inputs), Made(TensorType.F32, 32, 32), 128, 128));
    }

    void Print(string name, WeightTensor tensor) =>
        output.WriteLine($"{name} to bf16: {Rate.Best(tensor, tensor.Info.ByteLength):F2} GB/s of quantised bytes; "
            + $"as codes: {Rate.OfGroups(tensor):F2}");

    static WeightTensor Made(TensorType type, params long[] shape)
    {
        byte[] bytes = new byte[shape.Aggregate(1L, (product, dimension) => product * dimension) * type.Bits() / 8];
        new Random(3).NextBytes(bytes);
        var info = new TensorInfo("made", type, [.. shape], 0, bytes.Length);
        return new WeightTensor(FileBytes.From("made", bytes), info);
    }
}
