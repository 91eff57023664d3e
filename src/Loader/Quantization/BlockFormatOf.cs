using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IlgpuDca.Loader.Quantization;

/// <summary>The <see cref="BlockFormat"/> of a format.</summary>
sealed unsafe class BlockFormat<TFormat> : BlockFormat
    where TFormat : struct, IBlockFormat
{
    public static readonly BlockFormat Instance = new BlockFormat<TFormat>();

    public override GroupedFormat Grouped => TFormat.Grouped;

    public override void Unpack(ReadOnlySpan<byte> blocks, Span<float> to)
    {
        int elements = TFormat.Type.BlockElements(), bytes = TFormat.Type.BlockBytes();
        if (blocks.Length % bytes != 0 || blocks.Length / bytes * (long)elements != to.Length)
            throw new ArgumentException(
                $"{blocks.Length} bytes of {TFormat.Type} for {to.Length} elements; they must be the same blocks.");
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float destination = ref MemoryMarshal.GetReference(to);
        for (int block = blocks.Length / bytes; block > 0; block--)
        {
            TFormat.Unpack(ref from, ref destination);
            from = ref Unsafe.Add(ref from, bytes);
            destination = ref Unsafe.Add(ref destination, elements);
        }
    }

    public override void Scales(byte* blocks, Span<float> scales, Span<float> offsets)
    {
        int perBlock = TFormat.Type.BlockElements() / TFormat.Grouped.Group, bytes = TFormat.Type.BlockBytes();
        for (int group = 0; group < scales.Length; group++)
            (scales[group], offsets[group]) =
                TFormat.Scales(ref blocks[(long)(group / perBlock) * bytes], group % perBlock);
    }
}
