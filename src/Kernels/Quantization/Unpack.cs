using ILGPU;
using ILGPU.Runtime;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Quantised weights as plain ones, in front of products of many rows, whose tensor cores read bf16.
/// <code>w = scale · code + offset</code>
/// </summary>
/// <remarks>
/// Shapes: a <see cref="QuantizedMatrix"/> [rows, inner]; w [rows, inner] in the storage type, each rounded once; or as
/// many matrices of one size as there are counts, of which those with a count of 0 are left out, which only the device
/// knows.
/// Work: a thread per 8 weights. Traffic: codes and scales once, w written once.
/// </remarks>
public sealed class Unpack<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 256;

    /// <summary>Weights of a thread.</summary>
    const int Weights = CodeOctet.Count;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<ulong>, ArrayView<Half>, ArrayView<T>, ArrayView<int>,
        long, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<ulong>, ArrayView<Half>, ArrayView<T>, ArrayView<int>, long,
            SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    /// <summary>All of a matrix.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="matrix">What is unpacked.</param>
    /// <param name="w">As many elements as the matrix has weights, from a multiple of 16 bytes on.</param>
    public void Run(AcceleratorStream stream, QuantizedMatrix matrix, ArrayView<T> w) =>
        Run(stream, matrix, w, ArrayView<int>.Empty, 1);

    /// <summary>Those of some matrices that are needed; the others' elements of w stay as they are.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="matrix">Matrices of one size, one after the other.</param>
    /// <param name="w">As many elements as they have weights, from a multiple of 16 bytes on.</param>
    /// <param name="counts">One for each: 0 where it isn't needed.</param>
    public void Run(AcceleratorStream stream, QuantizedMatrix matrix, ArrayView<T> w, ArrayView<int> counts) =>
        Run(stream, matrix, w, counts, counts.IntLength);

    void Run(AcceleratorStream stream, QuantizedMatrix matrix, ArrayView<T> w, ArrayView<int> counts, int matrices)
    {
        matrix.Layout.Check();
        if (w.Length != matrix.Weights || matrix.Scales.Length != matrix.Layout.ScaleCount(w.Length) || matrices == 0
            || w.Length % ((long)matrices * Weights) != 0)
            throw new ArgumentException($"Unpack: {matrix.Weights} weights and {matrix.Scales.Length} scales in "
                + $"{matrix.Layout} into {w.Length} elements, {matrices} matrices; they need "
                + $"{matrix.Layout.ScaleCount(matrix.Weights)} scales, as many elements as weights, and a multiple of "
                + $"{Weights} in each matrix.");
        long threads = w.Length / Weights / matrices;
        KernelConfig config = new(new Index3D((int)((threads + GroupSize - 1) / GroupSize), matrices, 1),
            new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, matrix.Codes.Cast<ulong>(), matrix.Scales, w, counts, threads * Weights,
            SpecializedValue.New(matrix.Layout.Bits), SpecializedValue.New(matrix.Layout.GroupShift),
            SpecializedValue.New(matrix.Layout.Kind));
        LaunchOverlap.NextStartsAlone(stream);
    }

    static void Kernel(ArrayView<ulong> codes, ArrayView<Half> scales, ArrayView<T> w, ArrayView<int> counts,
        long perMatrix, SpecializedValue<int> bits, SpecializedValue<int> groupShift, SpecializedValue<int> kind)
    {
        LaunchOverlap.Begin();
        long within = ((long)Grid.IdxX * GroupSize + Group.IdxX) * Weights;
        if (within >= perMatrix || counts.Length != 0 && counts[Grid.IdxY] == 0)
            return;
        long first = Grid.IdxY * perMatrix + within;
        // All conversions before all stores, which are then merged.
        ArrayView<float> values = LocalMemory.Allocate<float>(Weights);
        ArrayView<T> own = LocalMemory.Allocate<T>(Weights), target = w.SubView(first, Weights).AsAligned16();
        CodeOctet.Read(codes, scales, first >> CodeOctet.Shift, values, bits, groupShift, kind);
        for (int i = 0; i < Weights; i++)
            own[i] = default(TElement).Store(values[i]);
        for (int i = 0; i < Weights; i++)
            target[i] = own[i];
    }
}
