using System.Runtime.InteropServices;
using IlgpuDca.Loader.Quantization;

namespace IlgpuDca.Loader;

/// <summary>One tensor of an open file, with conversions into the caller's memory.</summary>
/// <remarks>
/// A derived class reads elements that the file holds in another order or in several tensors; for a consumer that works
/// on the packed bytes themselves it says how they lie.
/// </remarks>
/// <param name="bytes">The file that holds it; reading ends with the file's Dispose.</param>
/// <param name="info">Its entry in the header.</param>
public unsafe class WeightTensor(FileBytes bytes, TensorInfo info)
{
    /// <summary>Weights that are read as groups at once: whole blocks of every format.</summary>
    public const int GroupedUnit = 256;

    readonly FileBytes _bytes = bytes;

    /// <summary>A tensor that is read from the place of another.</summary>
    /// <param name="of">Whose file it is.</param>
    /// <param name="info">Name, type, shape and place.</param>
    protected WeightTensor(WeightTensor of, TensorInfo info)
        : this(of._bytes, info)
    {
    }

    /// <summary>Name, type, shape and place.</summary>
    public TensorInfo Info => info;

    /// <summary>How messages call the file that holds the tensor.</summary>
    public string File => _bytes.Name;

    /// <summary>The first of <see cref="TensorInfo.ByteLength"/> bytes; not aligned to anything.</summary>
    public byte* Pointer => _bytes.Pointer + info.Offset;

    /// <summary>The raw bytes of a tensor below 2 GB.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span(info.Offset, checked((int)info.ByteLength));

    /// <summary>Converts a run of elements to float32, exactly as the type defines it.</summary>
    /// <param name="start">First element.</param>
    /// <param name="destination">As many elements as are read.</param>
    public void ToFloat32(long start, Span<float> destination)
    {
        CheckRun(start, destination.Length);
        Read(start, destination);
    }

    /// <summary>Converts a run of elements to bf16 bits: float32 rounded to nearest, ties to even.</summary>
    /// <param name="start">First element.</param>
    /// <param name="destination">As many elements as are read.</param>
    public void ToBFloat16(long start, Span<ushort> destination)
    {
        CheckRun(start, destination.Length);
        Read(start, destination);
    }

    /// <summary>How the weights are read as codes and scales; null where they aren't quantised so.</summary>
    public virtual GroupedFormat? Grouped => info.DType.IsBlockQuantized() ? BlockFormats.Grouped(info.DType) : null;

    /// <summary>
    /// The input at each place of a row that is read as groups; null where they follow each other. Groups that are not of neighbours
    /// become so by this order.
    /// </summary>
    public virtual int[]? InputOrder => null;

    /// <summary>Reads a run of weights as codes and scales, each row in <see cref="InputOrder"/>.</summary>
    /// <param name="start">First element, a multiple of <see cref="GroupedUnit"/>.</param>
    /// <param name="codes">As many codes as are read, a multiple of <see cref="GroupedUnit"/> or all to the end.</param>
    /// <param name="scales">In half precision, each followed by its offset where the format has them; two of a float32
    /// where codes are floats.</param>
    public void ToGroups(long start, Span<byte> codes, Span<Half> scales)
    {
        GroupedFormat format = Grouped ?? throw new InvalidOperationException($"{info.Name} is {info.DType}, which has no groups.");
        int count = codes.Length * 8 / format.Bits;
        CheckRun(start, count);
        ReadGroups(format, start, count, codes, scales);
    }

    /// <summary>A checked run of weights as codes and scales.</summary>
    protected virtual void ReadGroups(GroupedFormat format, long start, int count, Span<byte> codes, Span<Half> scales)
    {
        int perScale = format.GroupHalves;
        Span<float> weights = stackalloc float[GroupedUnit], groupScales = stackalloc float[GroupedUnit / format.Group], offsets = stackalloc float[groupScales.Length];
        for (int done = 0; done < count; done += GroupedUnit)
        {
            Span<float> part = weights[..Math.Min(GroupedUnit, count - done)];
            int groups = part.Length / format.Group;
            Read(start + done, part);
            ReadScales(start + done, groupScales[..groups], offsets[..groups]);
            Span<Half> to = scales.Slice(done / format.Group * perScale, groups * perScale);
            for (int g = 0; g < groups; g++)
            {
                to[g * perScale] = (Half)groupScales[g];
                if (format.HasOffset)
                    to[g * perScale + 1] = (Half)offsets[g];
            }
            GroupedCodes.Pack(format, part, groupScales[..groups], offsets[..groups], codes.Slice(done * format.Bits / 8, part.Length * format.Bits / 8));
        }
    }

    /// <summary>Copies some of the tensor's bytes, which are checked to be its own.</summary>
    protected void ReadBytes(long start, Span<byte> destination) => _bytes.Read(info.Offset + start, destination);

    /// <summary>The scales and offsets of the groups of a run of whole blocks.</summary>
    protected virtual void ReadScales(long start, Span<float> scales, Span<float> offsets) =>
        BlockFormats.Scales(info.DType, Pointer, start, scales, offsets);

    /// <summary>Throws <see cref="ModelFormatException"/> unless the tensor can be converted.</summary>
    public virtual void CheckReadable()
    {
        if (!info.DType.IsReadable())
            throw new ModelFormatException(File,
                $"{ModelFormatException.Quote(info.Name)} is {info.DType}, but weights are read as F32, F16 or BF16, "
                + "or in a quantised format of docs/formats.md. Fix: use a copy of the model in one of these types.");
    }

    /// <summary>Elements of a checked run as float32.</summary>
    protected virtual void Read(long start, Span<float> destination)
    {
        if (info.DType.IsBlockQuantized())
            BlockFormats.UnpackRun(info.DType, Pointer, start, destination);
        else if (info.DType == TensorType.F32)
            _bytes.Read(info.Offset + start * sizeof(float), MemoryMarshal.AsBytes(destination));
        else
            WeightConversion.ToFloat32(info.DType, Plain(start, destination.Length), destination);
    }

    /// <summary>Elements of a checked run as bf16.</summary>
    protected virtual void Read(long start, Span<ushort> destination)
    {
        if (info.DType.IsBlockQuantized())
            ReadBlocks(start, destination);
        else if (info.DType == TensorType.BF16)
            _bytes.Read(info.Offset + start * sizeof(ushort), MemoryMarshal.AsBytes(destination));
        else
            WeightConversion.ToBFloat16(info.DType, Plain(start, destination.Length), destination);
    }

    /// <summary>Elements of blocks as bf16, some at a time as float32, in the order that the file has them.</summary>
    void ReadBlocks(long start, Span<ushort> destination)
    {
        const int most = 2_048;
        Span<float> stage = stackalloc float[Math.Min(most, destination.Length)];
        while (!destination.IsEmpty)
        {
            Span<float> part = stage[..Math.Min(most, destination.Length)];
            BlockFormats.UnpackRun(info.DType, Pointer, start, part);
            WeightConversion.Round(part, destination);
            destination = destination[part.Length..];
            start += part.Length;
        }
    }

    ReadOnlySpan<byte> Plain(long start, int count)
    {
        int elementBytes = info.DType.Bits() / 8;
        return new ReadOnlySpan<byte>(Pointer + start * elementBytes, checked(count * elementBytes));
    }

    void CheckRun(long start, int count)
    {
        CheckReadable();
        if (start < 0 || start > info.Elements - count)
            throw new ArgumentOutOfRangeException(nameof(start),
                $"{info.Name} has {info.Elements} elements; {count} from {start} on are not all inside.");
    }
}
