using ILGPU;
#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;
#endif

namespace IlgpuDca.Kernels;

/// <summary>
/// Sums and maxima over the lanes of a warp, or over its segments of 16, 8 or 4 lanes. Butterfly order: lane i first meets i ^ 16, then
/// i ^ 8, …; every lane ends with the same bits. All lanes must take part.
/// </summary>
static class WarpReduce
{
    /// <summary>The sum of value over the 32 lanes, in every lane.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.Sum))]
#endif
    public static void Sum(ref float value)
    {
        value += Warp.ShuffleXor(value, 16);
        value += Warp.ShuffleXor(value, 8);
        value += Warp.ShuffleXor(value, 4);
        value += Warp.ShuffleXor(value, 2);
        value += Warp.ShuffleXor(value, 1);
    }

    /// <summary>Two sums at once over the 32 lanes.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.Sum2))]
#endif
    public static void Sum2(ref float a, ref float b)
    {
        for (int mask = 16; mask > 0; mask >>= 1)
        {
            a += Warp.ShuffleXor(a, mask);
            b += Warp.ShuffleXor(b, mask);
        }
    }

    /// <summary>Four sums at once over segments of some lanes, a constant power of two, by shuffles.</summary>
    public static void SumOf(int lanes, ref float a, ref float b, ref float c, ref float d)
    {
        for (int mask = lanes / 2; mask > 0; mask >>= 1)
        {
            a += Warp.ShuffleXor(a, mask);
            b += Warp.ShuffleXor(b, mask);
            c += Warp.ShuffleXor(c, mask);
            d += Warp.ShuffleXor(d, mask);
        }
    }

    /// <summary>Four sums at once over the 32 lanes.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.Sum4))]
#endif
    public static void Sum4(ref float a, ref float b, ref float c, ref float d) => SumOf(32, ref a, ref b, ref c, ref d);

    /// <summary>The largest value of the 32 lanes, in every lane.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.Max))]
#endif
    public static void Max(ref float value)
    {
        value = ILGPU.Algorithms.XMath.Max(value, Warp.ShuffleXor(value, 16));
        value = ILGPU.Algorithms.XMath.Max(value, Warp.ShuffleXor(value, 8));
        value = ILGPU.Algorithms.XMath.Max(value, Warp.ShuffleXor(value, 4));
        value = ILGPU.Algorithms.XMath.Max(value, Warp.ShuffleXor(value, 2));
        value = ILGPU.Algorithms.XMath.Max(value, Warp.ShuffleXor(value, 1));
    }

    /// <summary>Four maxima at once over segments of 8 lanes.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.MaxOf8))]
#endif
    public static void MaxOf8(ref float a, ref float b, ref float c, ref float d)
    {
        for (int mask = 4; mask > 0; mask >>= 1)
        {
            a = ILGPU.Algorithms.XMath.Max(a, Warp.ShuffleXor(a, mask));
            b = ILGPU.Algorithms.XMath.Max(b, Warp.ShuffleXor(b, mask));
            c = ILGPU.Algorithms.XMath.Max(c, Warp.ShuffleXor(c, mask));
            d = ILGPU.Algorithms.XMath.Max(d, Warp.ShuffleXor(d, mask));
        }
    }

    /// <summary>Four sums at once over segments of 8 lanes.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.SumOf8))]
#endif
    public static void SumOf8(ref float a, ref float b, ref float c, ref float d) => SumOf(8, ref a, ref b, ref c, ref d);

    /// <summary>Four sums at once over segments of 16 lanes.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.SumOf16))]
#endif
    public static void SumOf16(ref float a, ref float b, ref float c, ref float d) => SumOf(16, ref a, ref b, ref c, ref d);

    /// <summary>Two maxima at once over segments of 4 lanes.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.MaxOf4))]
#endif
    public static void MaxOf4(ref float a, ref float b)
    {
        for (int mask = 2; mask > 0; mask >>= 1)
        {
            a = ILGPU.Algorithms.XMath.Max(a, Warp.ShuffleXor(a, mask));
            b = ILGPU.Algorithms.XMath.Max(b, Warp.ShuffleXor(b, mask));
        }
    }

    /// <summary>Two sums at once over segments of 4 lanes.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(WarpReduceHost), nameof(WarpReduceHost.SumOf4))]
#endif
    public static void SumOf4(ref float a, ref float b)
    {
        for (int mask = 2; mask > 0; mask >>= 1)
        {
            a += Warp.ShuffleXor(a, mask);
            b += Warp.ShuffleXor(b, mask);
        }
    }
}
