using ILGPU;
using ILGPU.Runtime;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Quantised weights as plain ones, in front of products of many rows, whose tensor cores read bf16.
/// <code>w = scale · code + offset</code>
/// </summary>
/// <remarks>
/// Shapes: a <see cref="QuantizedMatrix"/> [rows, inner]; w [rows, inner] in the storage type, each rounded once.
/// Work: a thread per 8 weights. Traffic: codes and scales once, w written once.
/// </remarks>
public sealed class Unpack<T, TElement>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    const int GroupSize = 256;

    /// <summary>Weights of a thread.</summary>
    const int Weights = 8;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<uint>, ArrayView<Half>, ArrayView<T>, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<uint>, ArrayView<Half>, ArrayView<T>, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="matrix">What is unpacked.</param>
    /// <param name="w">As many elements as the matrix has weights, from a multiple of 16 bytes on.</param>
    public void Run(AcceleratorStream stream, QuantizedMatrix matrix, ArrayView<T> w)
    {
        matrix.Layout.Check();
        if (w.Length != matrix.Weights || matrix.Scales.Length != matrix.Layout.ScaleCount(w.Length))
            throw new ArgumentException($"Unpack: {matrix.Weights} weights and {matrix.Scales.Length} scales in {matrix.Layout} into {w.Length} elements; "
                + $"they need {matrix.Layout.ScaleCount(matrix.Weights)} scales and as many elements as weights.");
        long threads = w.Length / Weights;
        _kernel(stream, new KernelConfig((int)((threads + GroupSize - 1) / GroupSize), GroupSize), matrix.Codes.Cast<uint>(), matrix.Scales, w,
            SpecializedValue.New(matrix.Layout.Bits), SpecializedValue.New(matrix.Layout.GroupShift), SpecializedValue.New(matrix.Layout.HasOffset ? 1 : 0));
    }

    static void Kernel(ArrayView<uint> codes, ArrayView<Half> scales, ArrayView<T> w, SpecializedValue<int> bits, SpecializedValue<int> groupShift,
        SpecializedValue<int> hasOffset)
    {
        LaunchOverlap.Begin();
        long thread = (long)Grid.IdxX * GroupSize + Group.IdxX, first = thread * Weights;
        if (first >= w.Length)
            return;
        long group = first >> groupShift;
        float scale = (float)scales[hasOffset != 0 ? 2 * group : group];
        float offset = hasOffset != 0 ? (float)scales[2 * group + 1] : bits == 4 ? -8f * scale : 0f;
        // All conversions before all stores, which are then merged.
        ArrayView<T> own = LocalMemory.Allocate<T>(Weights), target = w.SubView(first, Weights).AsAligned16();
        uint low = codes[bits == 4 ? thread : 2 * thread], high = bits == 4 ? low >> 4 : codes[2 * thread + 1];
        for (int i = 0; i < Weights; i++)
        {
            uint code = (i < 4 ? low : high) >> (i % 4 * 8);
            own[i] = default(TElement).Store(scale * (bits == 4 ? (int)(code & 15) : (sbyte)code) + offset);
        }
        for (int i = 0; i < Weights; i++)
            target[i] = own[i];
    }
}
