using System.Buffers.Binary;
using System.Text.Unicode;

namespace IlgpuDca.Loader;

/// <summary>An open safetensors file: its header checked by every rule of the format, its data read in place.</summary>
/// <remarks>
/// Layout: 8 bytes N (little endian), N bytes of JSON, then the tensors without gap, overlap or rest.
/// Spans and pointers into it end with <see cref="Dispose"/>.
/// </remarks>
public sealed unsafe class SafetensorsFile : IDisposable
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    public const long LongestHeader = 100_000_000;

    const int LengthBytes = sizeof(ulong);

    readonly FileBytes _bytes;
    readonly Dictionary<string, TensorInfo> _tensors;
    readonly Dictionary<string, string> _metadata;

    SafetensorsFile(FileBytes bytes)
    {
        _bytes = bytes;
        int headerBytes = HeaderLength();
        ReadOnlySpan<byte> json = bytes.Span(LengthBytes, headerBytes);
        if (json.IsEmpty || json[0] != '{')
            throw Fault("the header does not begin with '{'");
        if (!Utf8.IsValid(json))
            throw Fault("the header is not valid UTF-8");
        var header = new SafetensorsHeader(bytes.Name, json, LengthBytes + headerBytes);
        header.Read();
        (_tensors, _metadata) = (header.Tensors, header.Metadata);
        CheckLayout(LengthBytes + headerBytes);
    }

    /// <summary>How messages call the file.</summary>
    public string Name => _bytes.Name;

    /// <summary>By name, in the order of the header.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <summary>The mapped file.</summary>
    internal FileBytes Content => _bytes;

    /// <summary>The strings of __metadata__; values above 4,096 bytes are left out.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Maps and checks a file of the disk; throws <see cref="ModelFormatException"/>.</summary>
    public static SafetensorsFile Open(string path) => Open(FileBytes.Map(path));

    /// <summary>Takes over the bytes and checks them; throws <see cref="ModelFormatException"/>.</summary>
    public static SafetensorsFile Open(FileBytes bytes)
    {
        try
        {
            return new SafetensorsFile(bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of this name, or null.</summary>
    public WeightTensor? Find(string name) =>
        _tensors.TryGetValue(name, out TensorInfo? info) ? new WeightTensor(_bytes, info) : null;

    /// <summary>The first of the <see cref="TensorInfo.ByteLength"/> bytes of a tensor of this file.</summary>
    public byte* Pointer(TensorInfo tensor) => _bytes.Pointer + tensor.Offset;

    /// <summary>The bytes of a tensor below 2 GB; larger ones are read through <see cref="Pointer"/>.</summary>
    public ReadOnlySpan<byte> Bytes(TensorInfo tensor) =>
        _bytes.Span(tensor.Offset, checked((int)tensor.ByteLength));

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    int HeaderLength()
    {
        if (_bytes.Length < LengthBytes)
            throw Fault($"has {_bytes.Length} bytes, expected at least {LengthBytes} for the header's length");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(_bytes.Span(0, LengthBytes));
        if (length > (ulong)LongestHeader)
            throw Fault($"the header's length is {length} bytes, expected at most {LongestHeader}");
        if ((long)length > _bytes.Length - LengthBytes)
            throw Fault($"the header's length is {length} bytes, but only {_bytes.Length - LengthBytes} follow");
        return (int)length;
    }

    /// <summary>The tensors must fill the data section exactly.</summary>
    void CheckLayout(long dataStart)
    {
        TensorInfo[] inOrder = [.. _tensors.Values];
        Array.Sort(inOrder, (a, b) =>
            a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.ByteLength.CompareTo(b.ByteLength));
        long end = dataStart;
        foreach (TensorInfo tensor in inOrder)
        {
            if (tensor.Offset != end)
                throw Fault($"{ModelFormatException.Quote(tensor.Name)} begins at byte {tensor.Offset - dataStart} of "
                    + $"the data, expected {end - dataStart}, where the tensor before it ends");
            end += tensor.ByteLength;
        }
        if (end != _bytes.Length)
            throw Fault($"has {_bytes.Length} bytes, but its header describes {end}");
    }

    ModelFormatException Fault(string what) =>
        new(Name, $"{what}. Fix: download the file again; if it stays so, it is no safetensors file.");
}
