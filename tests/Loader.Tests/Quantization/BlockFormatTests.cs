using System.Collections.Immutable;
using IlgpuDca.Loader.Quantization;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Block formats of GGUF against a float64 reference, whole and in runs that begin and end anywhere.</summary>
public class BlockFormatTests(ITestOutputHelper output)
{
    const int Blocks = 37;

    public static TheoryData<TensorType> Types { get; } =
        [.. Enum.GetValues<TensorType>().Where(type => type.IsBlockQuantized())];

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryElementIsTheReferences(TensorType type)
    {
        (WeightTensor tensor, byte[] bytes) = Made(type, Blocks);
        float[] actual = new float[tensor.Info.Elements];
        tensor.ToFloat32(0, actual);
        for (int i = 0; i < actual.Length; i++)
        {
            (int block, int within) = Math.DivRem(i, type.BlockElements());
            (double expected, double limit) =
                BlockReference.Element(type, bytes.AsSpan(1 + block * type.BlockBytes()), within);
            if (!(Math.Abs(actual[i] - expected) <= limit))
                Assert.Fail($"{type}[{i}] is {actual[i]}, expected {expected:R} within {limit:g3}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void RunsAreCutsOfTheWhole(TensorType type)
    {
        (WeightTensor tensor, _) = Made(type, Blocks);
        float[] whole = new float[tensor.Info.Elements];
        tensor.ToFloat32(0, whole);
        ushort[] wholeRounded = new ushort[whole.Length];
        WeightConversion.Round(whole, wholeRounded);
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            int start = random.Next(whole.Length), count = random.Next(whole.Length - start + 1);
            float[] part = new float[count];
            ushort[] rounded = new ushort[count];
            tensor.ToFloat32(start, part);
            tensor.ToBFloat16(start, rounded);
            Assert.True(whole.AsSpan(start, count).SequenceEqual(part), $"{type} {start} + {count}");
            Assert.True(wholeRounded.AsSpan(start, count).SequenceEqual(rounded), $"{type} {start} + {count}");
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.ToFloat32(whole.Length, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.ToFloat32(-1, new float[1]));
    }

    /// <summary>Quantised queries whose rows lie in pairs are put in order once, whichever way they are read.</summary>
    [Theory]
    [InlineData(TensorType.Q8_0)]
    [InlineData(TensorType.Q4_K)]
    public void InterleavedHeadsAreOrderedOnce(TensorType type)
    {
        const int rows = 16, columns = 512, headDim = 8;
        (WeightTensor plain, byte[] bytes) = Made(type, rows * columns / type.BlockElements());
        var info = new TensorInfo("made", type, ImmutableArray.Create<long>(rows, columns), 1, bytes.Length - 1);
        InterleavedHeadsTensor tensor = new(FileBytes.From("made.gguf", bytes), info, headDim);
        float[] stored = new float[rows * columns], expected = new float[stored.Length], actual = new float[stored.Length];
        plain.ToFloat32(0, stored);
        for (int row = 0; row < rows; row++)
        {
            // Row 2 · pair + half of a head's file becomes row half · 4 + pair.
            int within = row % headDim, from = row / headDim * headDim + within % 4 * 2 + within / 4;
            stored.AsSpan(from * columns, columns).CopyTo(expected.AsSpan(row * columns));
        }
        tensor.ToFloat32(0, actual);
        Assert.Equal(expected, actual);
        ushort[] wanted = new ushort[stored.Length], rounded = new ushort[stored.Length];
        WeightConversion.Round(expected, wanted);
        tensor.ToBFloat16(0, rounded);
        Assert.Equal(wanted, rounded);

        GroupedFormat format = tensor.Grouped!.Value;
        byte[] codes = new byte[stored.Length * format.Bits / 8], plainCodes = new byte[codes.Length];
        Half[] scales = new Half[stored.Length / format.Group * (format.HasOffset ? 2 : 1)], plainScales = new Half[scales.Length];
        tensor.ToGroups(0, codes, scales);
        plain.ToGroups(0, plainCodes, plainScales);
        int rowBytes = codes.Length / rows, rowScales = scales.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            int within = row % headDim, from = row / headDim * headDim + within % 4 * 2 + within / 4;
            Assert.Equal(plainCodes[(from * rowBytes)..((from + 1) * rowBytes)], codes[(row * rowBytes)..((row + 1) * rowBytes)]);
            Assert.Equal(plainScales[(from * rowScales)..((from + 1) * rowScales)], scales[(row * rowScales)..((row + 1) * rowScales)]);
        }
    }

    /// <summary>Read as codes and scales, weights are the same but for the scales' rounding to half precision.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void GroupsStandForTheSameWeights(TensorType type)
    {
        const int blocks = 8 * 23;
        (WeightTensor tensor, _) = Made(type, blocks);
        int count = blocks * type.BlockElements();
        float[] weights = new float[count];
        tensor.ToFloat32(0, weights);
        GroupedFormat format = tensor.Grouped!.Value;
        int perScale = format.HasOffset ? 2 : 1;
        byte[] codes = new byte[count * format.Bits / 8];
        Half[] scales = new Half[count / format.Group * perScale];
        int half = count / 512 * 256;
        tensor.ToGroups(0, codes.AsSpan(0, half * format.Bits / 8), scales.AsSpan(0, half / format.Group * perScale));
        tensor.ToGroups(half, codes.AsSpan(half * format.Bits / 8), scales.AsSpan(half / format.Group * perScale));
        for (int i = 0; i < count; i++)
        {
            double scale = (double)scales[i / format.Group * perScale];
            double offset = format.HasOffset ? (double)scales[i / format.Group * 2 + 1] : format.Bits == 4 ? -8 * scale : 0;
            int code = format.Bits == 8 ? (sbyte)codes[i] : (codes[i / 8 * 4 + i % 4] >> (i % 8 / 4 * 4)) & 0xF;
            // Half precision: 2^-11 of a number, or 2^-25 where it is subnormal.
            double limit = Math.Abs(code) * Math.Max(Math.Abs(scale) * Math.ScaleB(1.001, -11), Math.ScaleB(1, -25))
                + Math.Max(Math.Abs(offset) * Math.ScaleB(1.001, -11), Math.ScaleB(1, -25)) + Math.Abs(weights[i]) * Math.ScaleB(1, -23);
            if (!(Math.Abs(scale * code + offset - weights[i]) <= limit))
                Assert.Fail($"{type}[{i}]: {scale} · {code} + {offset} for {weights[i]}, expected within {limit:g3}");
        }
    }

    /// <summary>Set ILGPUDCA_MEASURE=1; prints the rates that docs/formats.md quotes.</summary>
    [Fact]
    public void Rates()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ILGPUDCA_MEASURE") == "1", "needs ILGPUDCA_MEASURE=1");
        foreach (TensorType type in Enum.GetValues<TensorType>().Where(type => type.IsBlockQuantized()))
            Measure(type);
    }

    void Measure(TensorType type)
    {
        (WeightTensor tensor, byte[] bytes) = Made(type, (32 << 20) / type.BlockBytes());
        output.WriteLine($"{type} to bf16: {Rate.Best(tensor, bytes.Length):F2} GB/s of quantised bytes");
    }

    /// <summary>Random codes, scales finite; the tensor begins at byte 1, so nothing is aligned.</summary>
    static (WeightTensor Tensor, byte[] Bytes) Made(TensorType type, int blocks)
    {
        var random = new Random((int)type);
        byte[] bytes = new byte[1 + blocks * type.BlockBytes()];
        random.NextBytes(bytes);
        foreach (int at in ScaleOffsets(type))
        {
            for (int block = 0; block < blocks; block++)
                BitConverter.TryWriteBytes(
                    bytes.AsSpan(1 + block * type.BlockBytes() + at), (Half)(random.NextDouble() * 4 - 2));
        }
        long elements = (long)blocks * type.BlockElements();
        var info = new TensorInfo("made", type, ImmutableArray.Create(elements), 1, bytes.Length - 1);
        return (new WeightTensor(FileBytes.From("made.gguf", bytes), info), bytes);
    }

    static int[] ScaleOffsets(TensorType type) => type switch
    {
        TensorType.Q4_1 or TensorType.Q5_1 or TensorType.Q4_K or TensorType.Q5_K => [0, 2],
        TensorType.Q2_K => [80, 82],
        TensorType.Q3_K => [108],
        TensorType.Q6_K => [208],
        _ => [0],
    };
}
