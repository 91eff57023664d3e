namespace IlgpuDca.Loader.Quantization;

/// <summary>The block formats of GGUF by their names; a new format is a line in <see cref="Find"/>.</summary>
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
    public static void Unpack(TensorType type, ReadOnlySpan<byte> blocks, Span<float> to) => Find(type).Unpack(blocks, to);

    /// <summary>How a format is read as codes and scales.</summary>
    public static GroupedFormat Grouped(TensorType type) => Find(type).Grouped;

    /// <summary>The scales and offsets of the groups of whole blocks.</summary>
    /// <param name="type">One of the block formats.</param>
    /// <param name="blocks">The first block of the tensor.</param>
    /// <param name="start">First element, at a block's start.</param>
    /// <param name="scales">One for each group of whole blocks.</param>
    /// <param name="offsets">As many; zeros where the format has none.</param>
    public static void Scales(TensorType type, byte* blocks, long start, Span<float> scales, Span<float> offsets) =>
        Find(type).Scales(blocks + start / type.BlockElements() * type.BlockBytes(), scales, offsets);

    static BlockFormat Find(TensorType type) => type switch
    {
        TensorType.Q4_0 => BlockFormat<Q40Format>.Instance,
        TensorType.Q4_1 => BlockFormat<Q41Format>.Instance,
        TensorType.Q5_0 => BlockFormat<Q50Format>.Instance,
        TensorType.Q5_1 => BlockFormat<Q51Format>.Instance,
        TensorType.Q8_0 => BlockFormat<Q80Format>.Instance,
        TensorType.Q2_K => BlockFormat<Q2KFormat>.Instance,
        TensorType.Q3_K => BlockFormat<Q3KFormat>.Instance,
        TensorType.Q4_K => BlockFormat<Q4KFormat>.Instance,
        TensorType.Q5_K => BlockFormat<Q5KFormat>.Instance,
        TensorType.Q6_K => BlockFormat<Q6KFormat>.Instance,
        TensorType.IQ4_NL => BlockFormat<IQ4NLFormat>.Instance,
        TensorType.IQ4_XS => BlockFormat<IQ4XSFormat>.Instance,
        _ => throw new ArgumentException($"{type} is not packed in blocks.", nameof(type)),
    };
}
