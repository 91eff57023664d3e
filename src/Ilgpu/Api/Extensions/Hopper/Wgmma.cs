using ILGPU;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// The tensor cores of a warpgroup, 4 warps of which the first has an index divisible by 4 (wgmma, sm_90a): bfloat16 or E4M3
/// operands, float32 sums. Operations run asynchronously: <see cref="Fence"/>, multiplications, <see cref="Commit"/>, <see cref="Wait"/>.
/// </summary>
/// <remarks>
/// With w the warp in its warpgroup, g = lane / 4 and t = lane % 4, a thread's sums are
/// c[4j + 2h + e] = C[16w + 8h + g, 8j + 2t + e] for h, e in 0, 1.
/// </remarks>
public static class Wgmma
{
    /// <summary>Orders earlier accesses to the sums' and operands' registers before the multiplications that follow.</summary>
    public static void Fence() => throw InsideKernel.Only("Wgmma.Fence");

    /// <summary>The multiplications since the last commit become a group.</summary>
    public static void Commit() => throw InsideKernel.Only("Wgmma.Commit");

    /// <summary>Waits until all but the latest so many groups are done; until then nobody may touch their sums and operands.</summary>
    /// <param name="pending">A constant.</param>
    public static void Wait(int pending) => throw InsideKernel.Only("Wgmma.Wait");

    /// <summary>c += a · b, or c = a · b; a [64, 16] with its rows' elements side by side, b [16, N].</summary>
    /// <param name="c">The thread's N / 2 sums: local memory with constant indices, so that it ends in registers. N is 8 to 256.</param>
    /// <param name="a">Where a lies.</param>
    /// <param name="b">Where b lies; each column's 16 elements side by side.</param>
    /// <param name="accumulate">0 to ignore what c holds.</param>
    public static void MultiplyAdd(ArrayView<float> c, SharedMatrix a, SharedMatrix b, int accumulate) => throw InsideKernel.Only("Wgmma.MultiplyAdd");

    /// <summary>The same for b with the elements of a row (of 64 columns) side by side.</summary>
    public static void MultiplyAddTransposed(ArrayView<float> c, SharedMatrix a, SharedMatrix b, int accumulate) =>
        throw InsideKernel.Only("Wgmma.MultiplyAddTransposed");

    /// <summary>c += a · b with a in registers.</summary>
    /// <param name="c">As above.</param>
    /// <param name="a">
    /// The thread's 4 words of two elements: A[16w + g, 2t], A[16w + g + 8, 2t], A[16w + g, 2t + 8], A[16w + g + 8, 2t + 8], each
    /// with its right neighbour in the high half.
    /// </param>
    /// <param name="b">Where b lies.</param>
    /// <param name="accumulate">0 to ignore what c holds.</param>
    public static void MultiplyAddRegisters(ArrayView<float> c, ArrayView<uint> a, SharedMatrix b, int accumulate) =>
        throw InsideKernel.Only("Wgmma.MultiplyAddRegisters");

    /// <summary>The same for b with the elements of a row (of 64 columns) side by side.</summary>
    public static void MultiplyAddRegistersTransposed(ArrayView<float> c, ArrayView<uint> a, SharedMatrix b, int accumulate) =>
        throw InsideKernel.Only("Wgmma.MultiplyAddRegistersTransposed");

    /// <summary>
    /// c += a · b of E4M3 (OCP 8-bit floating point), or c = a · b; a [64, 32] with its rows' elements side by side,
    /// b [32, N] with its columns' elements side by side. A GPU keeps some 14 bits of a sum while it adds.
    /// </summary>
    /// <param name="c">As above.</param>
    /// <param name="a">Where a lies; its rows are bytes, 32 to a multiplication.</param>
    /// <param name="b">Where b lies.</param>
    /// <param name="accumulate">0 to ignore what c holds.</param>
    public static void MultiplyAddFloat8(ArrayView<float> c, SharedMatrix a, SharedMatrix b, int accumulate) =>
        throw InsideKernel.Only("Wgmma.MultiplyAddFloat8");

    /// <summary>The same with a in registers.</summary>
    /// <param name="c">As above.</param>
    /// <param name="a">
    /// The thread's 4 words of four elements: A[16w + g, 4t], A[16w + g + 8, 4t], A[16w + g, 4t + 16],
    /// A[16w + g + 8, 4t + 16], each with its three right neighbours in the bytes above.
    /// </param>
    /// <param name="b">Where b lies.</param>
    /// <param name="accumulate">0 to ignore what c holds.</param>
    public static void MultiplyAddFloat8Registers(ArrayView<float> c, ArrayView<uint> a, SharedMatrix b, int accumulate) =>
        throw InsideKernel.Only("Wgmma.MultiplyAddFloat8Registers");

    /// <summary>The warpgroup's threads give registers back, down to so many: a constant multiple of 8, 24 to 256.</summary>
    /// <remarks>Takes effect where the kernel has both limits of a KernelSpecialization.</remarks>
    public static void DecreaseRegisters(int count) => throw InsideKernel.Only("Wgmma.DecreaseRegisters");

    /// <summary>The warpgroup's threads take registers that others gave back, up to so many; waits for them.</summary>
    public static void IncreaseRegisters(int count) => throw InsideKernel.Only("Wgmma.IncreaseRegisters");
}
