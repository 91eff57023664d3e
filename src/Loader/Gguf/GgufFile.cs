using System.Collections.Immutable;
using System.Numerics;

namespace IlgpuDca.Loader;

/// <summary>An open GGUF file, version 2 or 3: metadata and tensors, checked against the file, read in place.</summary>
/// <remarks>
/// Layout, little-endian: magic "GGUF", version, 64-bit counts of tensors and keys; the keys with their values; the
/// tensors' names, dimensions (fastest first), types and offsets; padding; the data section.
/// </remarks>
public sealed class GgufFile : IDisposable
{
    /// <summary>The ending of a GGUF file's name.</summary>
    public const string Ending = ".gguf";

    const uint Magic = 0x4655_4747;
    const int OldestVersion = 2, NewestVersion = 3;
    const int MostTensors = 65_536;
    const int LongestName = 64;
    const int MostDimensions = 4;
    const int DefaultAlignment = 32, LargestAlignment = 1 << 20;
    const string AlignmentKey = "general.alignment";

    /// <summary>Name length, one letter, number of dimensions, type and offset.</summary>
    const int FewestBytesOfTensor = 8 + 1 + 4 + 4 + 8;

    readonly FileBytes _bytes;
    readonly GgufCursor _cursor;
    readonly Dictionary<string, TensorInfo> _tensors = new(StringComparer.Ordinal);

    GgufFile(FileBytes bytes)
    {
        (_bytes, _cursor) = (bytes, new GgufCursor(bytes));
        Version = ReadVersion();
        ulong tensors = _cursor.UInt64("the number of tensors");
        if (tensors > MostTensors || tensors > (ulong)(_cursor.Left / FewestBytesOfTensor))
            throw _cursor.Fault(8, $"the header names {tensors} tensors, expected at most "
                + $"{Math.Min(MostTensors, _cursor.Left / FewestBytesOfTensor)}");
        Metadata = new GgufMetadata(bytes, _cursor, _cursor.UInt64("the number of metadata keys"));
        Alignment = ReadAlignment();
        List<(TensorInfo Info, long At)> read = [];
        for (ulong i = 0; i < tensors; i++)
            read.Add(ReadTensor(i));
        long dataStart = (_cursor.Position + Alignment - 1) / Alignment * Alignment;
        foreach ((TensorInfo info, long at) in read)
            Place(info, at, dataStart);
        RefuseOverlaps();
    }

    /// <summary>How messages call the file.</summary>
    public string Name => _bytes.Name;

    /// <summary>2 or 3.</summary>
    public int Version { get; }

    /// <summary>What the file says about the model and its tokenizer.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>Tensors begin at multiples of it in the data section; bytes.</summary>
    public int Alignment { get; }

    /// <summary>By the file's own names, such as <c>blk.0.attn_q.weight</c>; outermost dimension first.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <summary>The mapped file.</summary>
    internal FileBytes Bytes => _bytes;

    /// <summary>Maps and checks a file of the disk; throws <see cref="ModelFormatException"/>.</summary>
    public static GgufFile Open(string path) => Open(FileBytes.Map(path));

    /// <summary>Takes over the bytes and checks them; throws <see cref="ModelFormatException"/>.</summary>
    public static GgufFile Open(FileBytes bytes)
    {
        try
        {
            return new GgufFile(bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    int ReadVersion()
    {
        uint magic = _cursor.UInt32("the magic number");
        if (magic != Magic)
            throw _cursor.Fault(0, $"the file begins with 0x{magic:X8}, expected 0x{Magic:X8}, which reads \"GGUF\"");
        uint version = _cursor.UInt32("the version");
        if (version is >= OldestVersion and <= NewestVersion)
            return (int)version;
        bool isBigEndian = (version & 0xFFFF) == 0;
        throw _cursor.Fault(4, $"the version is {version}{(isBigEndian ? ", as a big-endian file has it" : "")}, "
            + $"expected {OldestVersion} or {NewestVersion}, little-endian");
    }

    int ReadAlignment()
    {
        if (Metadata.Integer(AlignmentKey, 1, LargestAlignment) is not { } alignment)
            return DefaultAlignment;
        return BitOperations.IsPow2(alignment) ? (int)alignment
            : throw Metadata.Fault(AlignmentKey, $"is {alignment}, expected a power of two up to {LargestAlignment}");
    }

    /// <summary>An entry whose offset is still counted from the data section, and where it stands.</summary>
    (TensorInfo Info, long At) ReadTensor(ulong index)
    {
        long at = _cursor.Position;
        string name = _cursor.Text($"the name of tensor {index}", LongestName);
        string shown = name.Length > 0 ? ModelFormatException.Quote(name)
            : throw _cursor.Fault(at, $"the name of tensor {index} is empty, expected a name");
        uint dimensions = _cursor.UInt32($"the dimensions of {shown}");
        if (dimensions > MostDimensions)
            throw _cursor.Fault(at, $"{shown} has {dimensions} dimensions, expected at most {MostDimensions}");
        long[] shape = new long[dimensions];
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            ulong size = _cursor.UInt64($"the dimensions of {shown}");
            shape[d] = size is >= 1 and <= long.MaxValue ? (long)size
                : throw _cursor.Fault(at, $"{shown} has a dimension of {(long)size}, expected 1 or more");
        }
        uint number = _cursor.UInt32($"the type of {shown}");
        if (!GgufTensorTypes.TryGet(number, out TensorType type))
            throw _cursor.Fault(at,
                $"{shown} is of type {GgufTensorTypes.Shown(number)}, expected one of {GgufTensorTypes.Readable}");
        ulong offset = _cursor.UInt64($"the offset of {shown}");
        if (offset > long.MaxValue || offset % (ulong)Alignment != 0)
            throw _cursor.Fault(at,
                $"{shown} has the offset {offset}, expected a multiple of {Alignment} inside the data");
        long bytes = ByteLength(shown, at, type, shape);
        return (new TensorInfo(name, type, ImmutableArray.Create(shape), (long)offset, bytes), at);
    }

    long ByteLength(string shown, long at, TensorType type, long[] shape)
    {
        int block = type.BlockElements();
        long row = shape.Length == 0 ? 1 : shape[^1];
        if (row % block != 0)
            throw _cursor.Fault(at, $"{shown} has rows of {row} elements, expected a multiple of {block} for {type}");
        UInt128 bytes = (UInt128)(row / block) * (UInt128)type.BlockBytes();
        for (int d = 0; d < shape.Length - 1 && bytes <= long.MaxValue; d++)
            bytes *= (UInt128)shape[d];
        return bytes <= (UInt128)_bytes.Length ? (long)bytes
            : throw _cursor.Fault(at, $"{shown} of shape [{string.Join(", ", shape)}] and type {type} has {bytes} "
                + $"bytes or more, but the file has {_bytes.Length}");
    }

    void Place(TensorInfo info, long at, long dataStart)
    {
        string shown = ModelFormatException.Quote(info.Name);
        if (dataStart > _bytes.Length || info.Offset > _bytes.Length - dataStart - info.ByteLength)
            throw _cursor.Fault(at, $"{shown} has {info.ByteLength} bytes from byte {info.Offset} of the data, "
                + $"but the data has {Math.Max(0, _bytes.Length - dataStart)} bytes");
        if (!_tensors.TryAdd(info.Name, info with { Offset = dataStart + info.Offset }))
            throw _cursor.Fault(at, $"{shown} is there twice, once is legal");
    }

    void RefuseOverlaps()
    {
        TensorInfo? before = null;
        foreach (TensorInfo tensor in _tensors.Values.OrderBy(tensor => tensor.Offset))
        {
            if (before is not null && before.Offset + before.ByteLength > tensor.Offset)
                throw _cursor.Fault(tensor.Offset, $"{ModelFormatException.Quote(tensor.Name)} begins there, but "
                    + $"{ModelFormatException.Quote(before.Name)} ends at {before.Offset + before.ByteLength}, "
                    + "and tensors must not overlap");
            before = tensor;
        }
    }
}
