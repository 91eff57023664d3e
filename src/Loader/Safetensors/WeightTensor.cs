namespace IlgpuDca.Loader;

/// <summary>One tensor of an open file, with conversions into the caller's memory.</summary>
/// <param name="file">The file that holds it; reading ends with the file's Dispose.</param>
/// <param name="info">Its entry in the header.</param>
public sealed unsafe class WeightTensor(SafetensorsFile file, TensorInfo info)
{
    /// <summary>Name, type, shape and place.</summary>
    public TensorInfo Info => info;

    /// <summary>How messages call the file that holds the tensor.</summary>
    public string File => file.Name;

    /// <summary>The first of <see cref="TensorInfo.ByteLength"/> bytes; not aligned to anything.</summary>
    public byte* Pointer => file.Pointer(info);

    /// <summary>The raw bytes of a tensor below 2 GB.</summary>
    public ReadOnlySpan<byte> Bytes => file.Bytes(info);

    /// <summary>Converts a run of elements to float32; exact for all three readable types.</summary>
    /// <param name="start">First element.</param>
    /// <param name="destination">As many elements as are read.</param>
    public void ToFloat32(long start, Span<float> destination) =>
        WeightConversion.ToFloat32(info.DType, Run(start, destination.Length), destination);

    /// <summary>Converts a run of elements to bf16 bits, rounded to nearest, ties to even.</summary>
    /// <param name="start">First element.</param>
    /// <param name="destination">As many elements as are read.</param>
    public void ToBFloat16(long start, Span<ushort> destination) =>
        WeightConversion.ToBFloat16(info.DType, Run(start, destination.Length), destination);

    ReadOnlySpan<byte> Run(long start, int count)
    {
        CheckReadable();
        if (start < 0 || start > info.Elements - count)
            throw new ArgumentOutOfRangeException(nameof(start),
                $"{info.Name} has {info.Elements} elements; {count} from {start} on are not all inside.");
        int elementBytes = info.DType.Bits() / 8;
        return new ReadOnlySpan<byte>(Pointer + start * elementBytes, checked(count * elementBytes));
    }

    /// <summary>Throws <see cref="ModelFormatException"/> unless the type is F32, F16 or BF16.</summary>
    public void CheckReadable()
    {
        if (!info.DType.IsReadable())
            throw new ModelFormatException(File,
                $"{ModelFormatException.Quote(info.Name)} is {info.DType}, but weights are read as F32, F16 or BF16. "
                + "Fix: use a copy of the model in one of these types.");
    }
}
