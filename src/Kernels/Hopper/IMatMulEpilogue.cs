using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// What becomes of a product's sums: a warpgroup writes them as boxes of 64 rows of 128 bytes into shared memory, swizzled, and the
/// copy engine takes them on.
/// </summary>
interface IMatMulEpilogue
{
    /// <summary>Groups of 8 columns of the product that make one box.</summary>
    static abstract int Groups { get; }

    /// <summary>Columns of the output in a box.</summary>
    static abstract int BoxColumns { get; }

    /// <summary>Whether boxes are added to the output instead of written.</summary>
    static abstract bool Adds { get; }

    /// <summary>Writes this thread's part of a box.</summary>
    /// <param name="sums">Its 4 · Groups sums, as <c>Wgmma</c> lays them out.</param>
    /// <param name="box">The box, as words.</param>
    /// <param name="row">Its first row in the box: 16 · warp + lane / 4; the other one is 8 below.</param>
    /// <param name="pair">Its pair of columns in a group: lane % 4.</param>
    static abstract void Write(ArrayView<float> sums, ArrayView<uint> box, int row, int pair);

    /// <summary>Outputs of 64 columns of <see cref="WeightsFirstKernel{TEpilogue}"/>.</summary>
    static abstract int OutputsAcross { get; }

    /// <summary>The boxes that they fill side by side.</summary>
    static abstract int BoxesAcross { get; }

    /// <summary>How those boxes are swizzled.</summary>
    static abstract SharedSwizzle Swizzle { get; }

    /// <summary>Writes this thread's part of 8 rows of 64 columns where its sums are of two rows of a column.</summary>
    /// <param name="sums">Its 4: [8 columns further, one row further].</param>
    /// <param name="box">The boxes side by side, as words.</param>
    /// <param name="boxWords">Words of one box.</param>
    /// <param name="row">The first of the 8 rows in the box.</param>
    /// <param name="warp">The warp's index in its warpgroup: columns from 16 · warp on.</param>
    static abstract void WriteAcross(ArrayView<float> sums, ArrayView<uint> box, int boxWords, int row, int warp);
}
