using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;
using Size = ILGPU.Runtime.SpecializedValue<int>;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>Launches <see cref="RowStreamKernel{TPack, TOut, TEpilogue}"/> with plain and with quantised weights.</summary>
sealed class RowStream<TPack, TOut, TEpilogue>(Accelerator accelerator)
    where TPack : unmanaged, IPack<TPack>
    where TOut : unmanaged
    where TEpilogue : struct, IEpilogue<TOut>
{
    /// <summary>Of the packs of a row that is not quantised: they fit into shared memory beside the ring.</summary>
    const int MostRowPacks = 8_192;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>,
        ArrayView<TOut>, int, int, int, int, Size, Size, Size> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<TOut>, int, int, int,
            int, Size, Size, Size>(RowStreamKernel<TPack, TOut, TEpilogue>.Kernel,
            new KernelSpecialization(RowStreamKernel<TPack, TOut, TEpilogue>.GroupSize, RowStreamKernel<TPack, TOut, TEpilogue>.Resident));

    /// <summary>Whether the scales of w, which are copied as words, are whole ones.</summary>
    public static bool Supports(QuantizedMatrix w) => w.Scales.Length % 2 == 0 && w.Scales.LoadEffectiveAddressAsPtr() % sizeof(uint) == 0;

    /// <summary>Whether a product is one that it takes.</summary>
    public static bool Supports(MatMulShape shape) => shape.Rows == 1 && shape.Inner % default(TPack).Count == 0 && shape.Inner / default(TPack).Count <= MostRowPacks;

    /// <summary>With plain weights.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="a">[inner] as packs.</param>
    /// <param name="w">[columns, inner] as packs.</param>
    /// <param name="c">[columns], or [columns / 2] where columns are pairs.</param>
    /// <param name="shape">The sizes; one row.</param>
    /// <param name="groups">Null: one on each multiprocessor.</param>
    public void Run(AcceleratorStream stream, ArrayView<TPack> a, ArrayView<TPack> w, ArrayView<TOut> c,
        MatMulShape shape, int? groups = null)
    {
        int count = default(TPack).Count;
        shape.Check(a.Length * count, w.Length * count, c.Length, TEpilogue.Pairs);
        Run(stream, a, w.Cast<CodePack>(), ArrayView<Half>.Empty, c, shape, groups, a.IntLength * 4, 128 / count, 0,
            RowStreamKernel<TPack, TOut, TEpilogue>.Plain);
    }

    /// <summary>With quantised weights.</summary>
    /// <inheritdoc cref="Run(AcceleratorStream, ArrayView{TPack}, ArrayView{TPack}, ArrayView{TOut}, MatMulShape, int?)"/>
    public void Run(AcceleratorStream stream, ArrayView<TPack> a, QuantizedMatrix w, ArrayView<TOut> c,
        MatMulShape shape, int? groups = null)
    {
        w.Check(shape.Columns, shape.Inner);
        shape.Check(a.Length * default(TPack).Count, w.Weights, c.Length, TEpilogue.Pairs);
        if (!Supports(w))
            throw new ArgumentException($"RowStream: {w.Scales.Length} scales from an address that is no multiple of "
                + $"{sizeof(uint)}, or not in pairs.");
        QuantizedLayout layout = w.Layout;
        Run(stream, a, w.Codes, w.Scales, c, shape, groups,
            layout.IsFloat8 ? a.IntLength * 4 : IntegerRow.SharedWords(shape.Inner), layout.Bits, layout.GroupShift, layout.Kind);
    }

    void Run(AcceleratorStream stream, ArrayView<TPack> a, ArrayView<CodePack> w, ArrayView<Half> scales,
        ArrayView<TOut> c, MatMulShape shape, int? groups, int rowWords, int bits, int groupShift, int kind)
    {
        if (!Supports(shape))
            throw new ArgumentException($"RowStream: {shape}; it multiplies one row of whole packs, at most "
                + $"{MostRowPacks}.");
        int ring = RowStreamKernel<TPack, TOut, TEpilogue>.RingPacks;
        int words = ring * 4 + (kind == RowStreamKernel<TPack, TOut, TEpilogue>.Plain ? 0 : ring) + rowWords;
        int count = groups ?? accelerator.NumMultiprocessors, pairs = (shape.Columns + 1) / 2;
        KernelConfig config = new(count, RowStreamKernel<TPack, TOut, TEpilogue>.GroupSize,
            SharedMemoryConfig.RequestDynamic<CodePack>((words + 3) / 4));
        _kernel(stream, config, a, w, scales, c, shape.Columns, (int)(w.Length / shape.Columns), pairs / count, pairs % count,
            SpecializedValue.New(bits), SpecializedValue.New(groupShift), SpecializedValue.New(kind));
    }
}
