using System.Runtime.InteropServices;
using Xunit;

namespace IlgpuDca.Loader.Tests;

public class WeightConversionTests
{
    /// <summary>All 65,536 halves, from an odd address, against the framework's conversion, bit for bit.</summary>
    [Fact]
    public void EveryHalfIsExact()
    {
        byte[] source = new byte[1 + 65_536 * 2];
        for (int i = 0; i < 65_536; i++)
            BitConverter.TryWriteBytes(source.AsSpan(1 + 2 * i), (ushort)i);
        float[] actual = new float[65_536];
        WeightConversion.ToFloat32(TensorType.F16, source.AsSpan(1), actual);
        for (int i = 0; i < actual.Length; i++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            Assert.True(float.IsNaN(expected) ? float.IsNaN(actual[i])
                : BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(actual[i]),
                $"half {i:X4}");
        }
    }

    [Fact]
    public void EveryBFloat16ComesBack()
    {
        ushort[] source = [.. Enumerable.Range(0, 65_536).Select(i => (ushort)i)];
        float[] wide = new float[source.Length];
        ushort[] back = new ushort[source.Length];
        WeightConversion.ToFloat32(TensorType.BF16, MemoryMarshal.AsBytes<ushort>(source), wide);
        WeightConversion.ToBFloat16(TensorType.F32, MemoryMarshal.AsBytes<float>(wide), back);
        for (int i = 0; i < source.Length; i++)
        {
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(wide[i]));
            Assert.Equal(float.IsNaN(wide[i]) ? i | 0x40 : i, back[i]);
        }
    }

    /// <summary>Random floats of every exponent: the nearest neighbour in bf16, ties to the even one.</summary>
    [Fact]
    public void RoundingIsToNearestEven()
    {
        var random = new Random(5);
        float[] source = new float[10_007];
        for (int i = 0; i < source.Length; i++)
        {
            uint bits = (uint)random.NextInt64(1L << 32);
            source[i] = BitConverter.UInt32BitsToSingle(i % 3 == 0 ? bits & 0xFFFF_0000 | 0x8000 : bits);
        }
        ushort[] actual = new ushort[source.Length];
        WeightConversion.ToBFloat16(TensorType.F32, MemoryMarshal.AsBytes<float>(source), actual);
        for (int i = 0; i < source.Length; i++)
        {
            if (!float.IsFinite(source[i]))
                continue;
            uint below = BitConverter.SingleToUInt32Bits(source[i]) >> 16;
            double low = Magnitude(below), high = Magnitude(below + 1), middle = (low + high) / 2;
            double value = Math.Abs((double)source[i]);
            uint expected = value < middle || (value == middle && below % 2 == 0) ? below : below + 1;
            Assert.Equal(expected, (uint)actual[i]);
        }
    }

    /// <summary>The value of bf16 bits without their sign; infinity counts as the next power of two.</summary>
    static double Magnitude(uint bits) =>
        (bits & 0x7FFF) == 0x7F80 ? Math.Pow(2, 128) : Math.Abs((double)BitConverter.UInt32BitsToSingle(bits << 16));

    [Fact]
    public void HalfGoesToBFloat16ThroughFloat()
    {
        Half[] source = [.. Enumerable.Range(0, 3_001).Select(i => (Half)(i * 0.377f - 300))];
        ushort[] actual = new ushort[source.Length], expected = new ushort[source.Length];
        WeightConversion.ToBFloat16(TensorType.F16, MemoryMarshal.AsBytes<Half>(source), actual);
        float[] wide = [.. source.Select(half => (float)half)];
        WeightConversion.ToBFloat16(TensorType.F32, MemoryMarshal.AsBytes<float>(wide), expected);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void LengthsMustMatch()
    {
        Assert.Throws<ArgumentException>(() => WeightConversion.ToFloat32(TensorType.F32, new byte[7], new float[2]));
        Assert.Throws<ArgumentException>(() => WeightConversion.ToFloat32(TensorType.I32, new byte[8], new float[2]));
    }
}
