using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Unpacks runs of the block formats of GGUF; a new format is a line in <see cref="Unpack"/>.</summary>
static unsafe class BlockFormats
{
    const int LargestBlock = 256;

    /// <summary>Elements of a run that begins and ends anywhere, also inside of blocks.</summary>
    /// <param name="type">One of the block formats.</param>
    /// <param name="blocks">The first block of the tensor.</param>
    /// <param name="start">First element, counted in the tensor.</param>
    /// <param name="to">As many elements as are read.</param>
    public static void UnpackRun(TensorType type, byte* blocks, long start, Span<float> to)
    {
        int elements = type.BlockElements(), bytes = type.BlockBytes();
        (long block, long within) = Math.DivRem(start, elements);
        byte* from = blocks + block * bytes;
        Span<float> part = stackalloc float[LargestBlock];
        if (within > 0)
        {
            int count = (int)Math.Min(elements - within, to.Length);
            Unpack(type, new ReadOnlySpan<byte>(from, bytes), part[..elements]);
            part.Slice((int)within, count).CopyTo(to);
            to = to[count..];
            from += bytes;
        }
        int whole = to.Length / elements;
        if (whole > 0)
            Unpack(type, new ReadOnlySpan<byte>(from, checked(whole * bytes)), to[..(whole * elements)]);
        to = to[(whole * elements)..];
        if (to.IsEmpty)
            return;
        Unpack(type, new ReadOnlySpan<byte>(from + (long)whole * bytes, bytes), part[..elements]);
        part[..to.Length].CopyTo(to);
    }

    /// <summary>Whole blocks.</summary>
    public static void Unpack(TensorType type, ReadOnlySpan<byte> blocks, Span<float> to)
    {
        switch (type)
        {
            case TensorType.Q4_0: Unpack<Q40Format>(blocks, to); break;
            case TensorType.Q4_1: Unpack<Q41Format>(blocks, to); break;
            case TensorType.Q5_0: Unpack<Q50Format>(blocks, to); break;
            case TensorType.Q5_1: Unpack<Q51Format>(blocks, to); break;
            case TensorType.Q8_0: Unpack<Q80Format>(blocks, to); break;
            case TensorType.Q2_K: Unpack<Q2KFormat>(blocks, to); break;
            case TensorType.Q3_K: Unpack<Q3KFormat>(blocks, to); break;
            case TensorType.Q4_K: Unpack<Q4KFormat>(blocks, to); break;
            case TensorType.Q5_K: Unpack<Q5KFormat>(blocks, to); break;
            case TensorType.Q6_K: Unpack<Q6KFormat>(blocks, to); break;
            case TensorType.IQ4_NL: Unpack<IQ4NLFormat>(blocks, to); break;
            case TensorType.IQ4_XS: Unpack<IQ4XSFormat>(blocks, to); break;
            default: throw new ArgumentException($"{type} is not packed in blocks.", nameof(type));
        }
    }

    static void Unpack<TFormat>(ReadOnlySpan<byte> blocks, Span<float> to)
        where TFormat : struct, IBlockFormat
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
}
