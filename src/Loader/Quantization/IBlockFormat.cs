namespace IlgpuDca.Loader.Quantization;

/// <summary>A format of GGUF that packs a block of elements with their scales.</summary>
interface IBlockFormat
{
    /// <summary>Its name.</summary>
    static abstract TensorType Type { get; }

    /// <summary>How its weights are read as codes and scales.</summary>
    static abstract GroupedFormat Grouped { get; }

    /// <summary>Unpacks one block in float32, in the order of operations that the format defines.</summary>
    /// <param name="block">The first of <see cref="TensorTypes.BlockBytes"/> bytes, aligned to nothing.</param>
    /// <param name="to">The first of <see cref="TensorTypes.BlockElements"/> elements.</param>
    static abstract void Unpack(ref byte block, ref float to);

    /// <summary>The scale and the offset of a group of a block.</summary>
    /// <param name="block">Its first byte.</param>
    /// <param name="group">Counted in the block.</param>
    static abstract (float Scale, float Offset) Scales(ref byte block, int group);
}
