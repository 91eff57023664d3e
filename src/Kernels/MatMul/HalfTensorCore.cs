using ILGPU;
using ILGPU.Runtime.Cuda;
#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;
#endif

namespace IlgpuDca.Kernels.MatMul;

/// <summary>As <see cref="TensorCore"/>, for 16-bit IEEE floats.</summary>
static class HalfTensorCore
{
    /// <summary>c += a · b, operands and sums in the places that <see cref="TensorCore.MultiplyAdd"/> names.</summary>
#if !ILGPU_PACKAGE
    [WarpCollective(typeof(HalfTensorCoreHost), nameof(HalfTensorCoreHost.MultiplyAdd))]
#endif
    public static void MultiplyAdd(ref float c0, ref float c1, ref float c2, ref float c3, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        if (CudaAsm.IsSupported)
        {
            Ref<float> r0 = c0, r1 = c1, r2 = c2, r3 = c3;
            Input<uint> x0 = a0, x1 = a1, x2 = a2, x3 = a3, y0 = b0, y1 = b1;
            CudaAsm.EmitRef(
                "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};",
                ref r0, ref r1, ref r2, ref r3, ref x0, ref x1, ref x2, ref x3, ref y0, ref y1);
            c0 = r0.Value;
            c1 = r1.Value;
            c2 = r2.Value;
            c3 = r3.Value;
            return;
        }
        MultiplyAddByShuffles(ref c0, ref c1, ref c2, ref c3, a0, a1, a2, a3, b0, b1);
    }

    /// <summary>The same in plain C#: each lane gathers the rows of a and the columns of b that its four sums need.</summary>
    internal static void MultiplyAddByShuffles(ref float c0, ref float c1, ref float c2, ref float c3, uint a0, uint a1, uint a2, uint a3, uint b0, uint b1)
    {
        int group = Warp.LaneIdx >> 2, column = (Warp.LaneIdx & 3) * 2;
        for (int t = 0; t < 4; t++)
        {
            uint upperLow = Warp.Shuffle(a0, group * 4 + t), lowerLow = Warp.Shuffle(a1, group * 4 + t);
            uint upperHigh = Warp.Shuffle(a2, group * 4 + t), lowerHigh = Warp.Shuffle(a3, group * 4 + t);
            uint leftLow = Warp.Shuffle(b0, column * 4 + t), rightLow = Warp.Shuffle(b0, (column + 1) * 4 + t);
            uint leftHigh = Warp.Shuffle(b1, column * 4 + t), rightHigh = Warp.Shuffle(b1, (column + 1) * 4 + t);
            c0 += Product(upperLow, leftLow) + Product(upperHigh, leftHigh);
            c1 += Product(upperLow, rightLow) + Product(upperHigh, rightHigh);
            c2 += Product(lowerLow, leftLow) + Product(lowerHigh, leftHigh);
            c3 += Product(lowerLow, rightLow) + Product(lowerHigh, rightHigh);
        }
    }

    static float Product(uint a, uint b) => HalfPair.Low(a) * HalfPair.Low(b) + HalfPair.High(a) * HalfPair.High(b);
}
