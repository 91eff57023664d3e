namespace IlgpuDca.Loader.Quantization;

/// <summary>A block format, chosen while running.</summary>
abstract unsafe class BlockFormat
{
    /// <summary>How its weights are read as codes and scales.</summary>
    public abstract GroupedFormat Grouped { get; }

    /// <summary>Whole blocks in float32.</summary>
    public abstract void Unpack(ReadOnlySpan<byte> blocks, Span<float> to);

    /// <summary>The scales and offsets of the groups of whole blocks.</summary>
    public abstract void Scales(byte* blocks, Span<float> scales, Span<float> offsets);
}
