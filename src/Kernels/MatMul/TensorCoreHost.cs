#if !ILGPU_PACKAGE
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.MatMul;

/// <summary><see cref="TensorCore"/> for a whole warp at once: the twin that runs on the CPU accelerator.</summary>
static class TensorCoreHost
{
    const int M = 16, N = 8, K = 16;

    /// <summary>What a word of an operand holds.</summary>
    internal interface IOperand
    {
        (float Low, float High) Split(uint word);
    }

    readonly struct BFloat16s : IOperand
    {
        public (float Low, float High) Split(uint word) => (BitConverter.UInt32BitsToSingle(word << 16), BitConverter.UInt32BitsToSingle(word & 0xFFFF0000u));
    }

    public static void MultiplyAdd(WarpOperands operands) => MultiplyAddOf(operands, new BFloat16s());

    [SkipLocalsInit]
    internal static void MultiplyAddOf<TOperand>(WarpOperands operands, TOperand operand)
        where TOperand : struct, IOperand
    {
        Span<float> a = stackalloc float[M * K];
        Span<float> b = stackalloc float[K * N];
        for (int k = 0; k < 4; k++)
        {
            Span<uint> words = operands.Get<uint>(4 + k);
            int row = k % 2 * 8, column = k / 2 * 8;
            for (int lane = 0; lane < 32; lane++)
            {
                int at = (row + lane / 4) * K + column + lane % 4 * 2;
                (a[at], a[at + 1]) = operand.Split(words[lane]);
            }
        }
        for (int k = 0; k < 2; k++)
        {
            Span<uint> words = operands.Get<uint>(8 + k);
            for (int lane = 0; lane < 32; lane++)
            {
                int at = (k * 8 + lane % 4 * 2) * N + lane / 4;
                (b[at], b[at + N]) = operand.Split(words[lane]);
            }
        }
        Span<float> c0 = operands.Get<float>(0), c1 = operands.Get<float>(1), c2 = operands.Get<float>(2), c3 = operands.Get<float>(3);
        for (int g = 0; g < 8; g++)
        {
            Vector256<float> upper = Interleave(c0, c1, g), lower = Interleave(c2, c3, g);
            for (int k = 0; k < K; k++)
            {
                Vector256<float> row = Vector256.Create<float>(b[(k * N)..]);
                upper = Vector256.FusedMultiplyAdd(Vector256.Create(a[g * K + k]), row, upper);
                lower = Vector256.FusedMultiplyAdd(Vector256.Create(a[(g + 8) * K + k]), row, lower);
            }
            Scatter(upper, c0, c1, g);
            Scatter(lower, c2, c3, g);
        }
    }

    /// <summary>Row g of c: lanes 4g..4g+3 hold its even columns in one parameter and its odd ones in the next.</summary>
    static Vector256<float> Interleave(Span<float> even, Span<float> odd, int g) => Vector256.Create(
        even[4 * g], odd[4 * g], even[4 * g + 1], odd[4 * g + 1], even[4 * g + 2], odd[4 * g + 2], even[4 * g + 3], odd[4 * g + 3]);

    static void Scatter(Vector256<float> row, Span<float> even, Span<float> odd, int g)
    {
        for (int t = 0; t < 4; t++)
        {
            even[4 * g + t] = row[2 * t];
            odd[4 * g + t] = row[2 * t + 1];
        }
    }
}
#endif
