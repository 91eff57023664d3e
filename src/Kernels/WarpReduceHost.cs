#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels;

/// <summary>The reductions of <see cref="WarpReduce"/> for a whole warp at once, in the same order and so with the same bits.</summary>
static class WarpReduceHost
{
    public static void Sum(WarpOperands operands) => Butterfly(operands.Get<float>(0), 16, isMax: false);

    public static void Max(WarpOperands operands) => Butterfly(operands.Get<float>(0), 16, isMax: true);

    public static void Sum2(WarpOperands operands)
    {
        for (int k = 0; k < 2; k++)
            Butterfly(operands.Get<float>(k), 16, isMax: false);
    }

    public static void Sum4(WarpOperands operands)
    {
        for (int k = 0; k < 4; k++)
            Butterfly(operands.Get<float>(k), 16, isMax: false);
    }

    public static void SumOf8(WarpOperands operands)
    {
        for (int k = 0; k < 4; k++)
            Butterfly(operands.Get<float>(k), 4, isMax: false);
    }

    public static void MaxOf8(WarpOperands operands)
    {
        for (int k = 0; k < 4; k++)
            Butterfly(operands.Get<float>(k), 4, isMax: true);
    }

    public static void SumOf16(WarpOperands operands)
    {
        for (int k = 0; k < 4; k++)
            Butterfly(operands.Get<float>(k), 8, isMax: false);
    }

    public static void MaxOf4(WarpOperands operands)
    {
        for (int k = 0; k < 2; k++)
            Butterfly(operands.Get<float>(k), 2, isMax: true);
    }

    public static void SumOf4(WarpOperands operands)
    {
        for (int k = 0; k < 2; k++)
            Butterfly(operands.Get<float>(k), 2, isMax: false);
    }

    static void Butterfly(Span<float> lanes, int firstMask, bool isMax)
    {
        Span<float> next = stackalloc float[lanes.Length];
        for (int mask = firstMask; mask > 0; mask >>= 1)
        {
            for (int lane = 0; lane < lanes.Length; lane++)
                next[lane] = isMax ? float.MaxNumber(lanes[lane], lanes[lane ^ mask]) : lanes[lane] + lanes[lane ^ mask];
            next.CopyTo(lanes);
        }
    }
}
#endif
