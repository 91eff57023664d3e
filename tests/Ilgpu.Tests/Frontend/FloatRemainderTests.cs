using IlgpuDca.Ilgpu.Frontend;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Frontend;

/// <summary>The remainder that GPUs compute is C#'s, bit for bit.</summary>
public class FloatRemainderTests
{
    [Fact]
    public void SinglesAgreeWithTheFramework()
    {
        Random random = new(5);
        uint[] edges = [0, 0x80000000, 1, 0x007fffff, 0x00800000, 0x3f800000, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0xbf000000];
        for (int trial = 0; trial < 200_000; trial++)
        {
            uint a = trial < 100 ? edges[trial / 10] : (uint)random.NextInt64(1L << 32);
            uint b = trial < 100 ? edges[trial % 10] : (uint)random.NextInt64(1L << 32);
            if (trial % 3 == 1)
                b = (a & 0xfff00000) ^ (b & 0x8fffff);
            float x = BitConverter.UInt32BitsToSingle(a), y = BitConverter.UInt32BitsToSingle(b);
            float expected = x % y, actual = FloatRemainder.Single(x, y);
            Assert.True(float.IsNaN(expected) && float.IsNaN(actual)
                || BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual), $"{x:R} % {y:R}: {actual:R}");
        }
    }

    [Fact]
    public void DoublesAgreeWithTheFramework()
    {
        Random random = new(6);
        for (int trial = 0; trial < 50_000; trial++)
        {
            long a = random.NextInt64(long.MinValue, long.MaxValue), b = random.NextInt64(long.MinValue, long.MaxValue);
            if (trial % 3 != 0)
                b = (a & -1L << 54) ^ (b & (1L << 56) - 1);
            if (trial % 7 == 0)
                b &= 0xffff;
            double x = BitConverter.Int64BitsToDouble(a), y = BitConverter.Int64BitsToDouble(b);
            double expected = x % y, actual = FloatRemainder.Double(x, y);
            Assert.True(double.IsNaN(expected) && double.IsNaN(actual)
                || BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual), $"{x:R} % {y:R}: {actual:R}");
        }
    }
}
