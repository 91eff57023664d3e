using ILGPU;
using ILGPU.Runtime;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Embedding from a quantised table: each token's row of codes becomes its first residual stream.
/// <code>x[t, c] = scale · code[ids[t], c] + offset</code>
/// </summary>
/// <remarks>
/// Shapes: ids [tokens]; table [vocabulary, hidden] in a <see cref="QuantizedLayout"/>; x [tokens, hidden] float32, so
/// that nothing is rounded but the product and the sum. Work: one group per token, a thread per 8 elements. Traffic per
/// token: a row's codes and scales, one row written.
/// </remarks>
public sealed class EmbeddingQuantized(Accelerator accelerator)
{
    const int GroupSize = 128;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<int>, ArrayView<int>, ArrayView<ulong>, ArrayView<Half>,
        ArrayView<float>, int, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<int>, ArrayView<int>, ArrayView<ulong>, ArrayView<Half>, ArrayView<float>, int,
            SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="ids">[tokens], each below the vocabulary's size; where position is given, the whole text.</param>
    /// <param name="position">[1]: the place in ids of the only token, read when the kernel runs; empty: all ids
    /// count.</param>
    /// <param name="table">[vocabulary, hidden].</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="hidden">Elements of a row.</param>
    public void Run(AcceleratorStream stream, ArrayView<int> ids, ArrayView<int> position, QuantizedMatrix table,
        ArrayView<float> x, int hidden)
    {
        long tokens = position.Length != 0 ? 1 : ids.Length;
        if (hidden <= 0 || x.Length != tokens * hidden)
            throw new ArgumentException($"EmbeddingQuantized: {tokens} ids, hidden {hidden}, x {x.Length} elements. "
                + "x must be ids · hidden.");
        table.Check(table.Weights / hidden, hidden);
        // The first of a pass through the layers: what earlier passes left may be read ahead from here on.
        LaunchOverlap.NextStartsAlone(stream);
        _kernel(stream, new KernelConfig((int)tokens, GroupSize), ids, position, table.Codes.Cast<ulong>(),
            table.Scales, x, hidden / CodeOctet.Count, SpecializedValue.New(table.Layout.Bits),
            SpecializedValue.New(table.Layout.GroupShift), SpecializedValue.New(table.Layout.Kind));
    }

    static void Kernel(ArrayView<int> ids, ArrayView<int> position, ArrayView<ulong> codes, ArrayView<Half> scales,
        ArrayView<float> x, int octets, SpecializedValue<int> bits, SpecializedValue<int> groupShift,
        SpecializedValue<int> kind)
    {
        LaunchOverlap.Begin();
        long source = (long)ids[position.Length != 0 ? position[0] : Grid.IdxX] * octets;
        long target = (long)Grid.IdxX * octets;
        ArrayView<float> values = LocalMemory.Allocate<float>(CodeOctet.Count);
        for (int octet = Group.IdxX; octet < octets; octet += GroupSize)
        {
            CodeOctet.Read(codes, scales, source + octet, values, bits, groupShift, kind);
            ArrayView<float> own = x.SubView((target + octet) * CodeOctet.Count, CodeOctet.Count).AsAligned16();
            for (int i = 0; i < CodeOctet.Count; i++)
                own[i] = values[i];
        }
    }
}
