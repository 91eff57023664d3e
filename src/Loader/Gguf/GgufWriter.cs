using System.Buffers.Binary;
using System.Text;
using IlgpuDca.Loader.Quantization;

namespace IlgpuDca.Loader;

/// <summary>Writes a GGUF file, version 3: metadata, then tensors that are packed while they are written.</summary>
sealed class GgufWriter
{
    const uint Magic = 0x4655_4747, Version = 3;
    const int Alignment = 32;

    /// <summary>Elements that are packed at once; whole blocks of every type.</summary>
    const int ChunkElements = 1 << 20;

    readonly List<byte[]> _entries = [];
    readonly List<GgufWriterTensor> _tensors = [];

    /// <summary>A string.</summary>
    public void Set(string key, string value) => Entry(key, GgufValueType.String, Text(value));

    /// <summary>A 32-bit number.</summary>
    public void Set(string key, uint value) => Entry(key, GgufValueType.UInt32, BitConverter.GetBytes(value));

    /// <summary>A 32-bit float.</summary>
    public void Set(string key, float value) => Entry(key, GgufValueType.Float32, BitConverter.GetBytes(value));

    /// <summary>true or false.</summary>
    public void Set(string key, bool value) => Entry(key, GgufValueType.Bool, [(byte)(value ? 1 : 0)]);

    /// <summary>Strings.</summary>
    public void Set(string key, IReadOnlyCollection<string> values) => Entry(key, GgufValueType.Array,
        [.. ArrayHead(GgufValueType.String, values.Count), .. values.SelectMany(Text)]);

    /// <summary>32-bit floats.</summary>
    public void Set(string key, IReadOnlyCollection<float> values) => Entry(key, GgufValueType.Array,
        [.. ArrayHead(GgufValueType.Float32, values.Count), .. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>Signed 32-bit numbers.</summary>
    public void Set(string key, IReadOnlyCollection<int> values) => Entry(key, GgufValueType.Array,
        [.. ArrayHead(GgufValueType.Int32, values.Count), .. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A key with its value as another file has it.</summary>
    public void Copy(GgufMetadata from, string key) => _entries.Add(from.Entry(key));

    /// <summary>A tensor; it is read while the file is written.</summary>
    public void Add(GgufWriterTensor tensor) => _tensors.Add(tensor);

    /// <summary>Writes the file; what stood there is replaced at the end.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Looked at between chunks; the file is then not there.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(string path, IProgress<double>? progress, CancellationToken cancellation) => WholeFile.Write(path, stream =>
    {
        WriteHeader(stream);
        WriteData(stream, progress, cancellation);
    });

    void WriteHeader(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_entries.Count);
        foreach (byte[] entry in _entries)
            writer.Write(entry);
        long offset = 0;
        foreach (GgufWriterTensor tensor in _tensors)
        {
            writer.Write(Text(tensor.Name));
            writer.Write((uint)tensor.Shape.Length);
            for (int d = tensor.Shape.Length - 1; d >= 0; d--)
                writer.Write((ulong)tensor.Shape[d]);
            writer.Write(GgufTensorTypes.NumberOf(tensor.Type));
            writer.Write((ulong)offset);
            offset += (tensor.ByteLength + Alignment - 1) / Alignment * Alignment;
        }
    }

    void WriteData(Stream stream, IProgress<double>? progress, CancellationToken cancellation)
    {
        double total = Math.Max(1, _tensors.Sum(tensor => tensor.Elements));
        long done = 0;
        float[] values = new float[ChunkElements];
        byte[] packed = new byte[ChunkElements * sizeof(float)];
        Pad(stream);
        foreach (GgufWriterTensor tensor in _tensors)
        {
            for (long start = 0; start < tensor.Elements; start += ChunkElements)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = (int)Math.Min(ChunkElements, tensor.Elements - start);
                int bytes = count / tensor.Type.BlockElements() * tensor.Type.BlockBytes();
                Pack(tensor, start, values.AsMemory(0, count), packed.AsMemory(0, bytes));
                stream.Write(packed, 0, bytes);
                done += count;
                progress?.Report(done / total);
            }
            // Also behind the last one: llama.cpp reads all of them padded.
            Pad(stream);
        }
    }

    static void Pad(Stream stream) => stream.Write(new byte[(Alignment - stream.Position % Alignment) % Alignment]);

    /// <summary>Reads and packs a chunk, in parts for all cores.</summary>
    static void Pack(GgufWriterTensor tensor, long start, Memory<float> values, Memory<byte> packed)
    {
        const int part = 1 << 14;
        int elements = tensor.Type.BlockElements(), bytes = tensor.Type.BlockBytes();
        try
        {
            Parallel.For(0, (values.Length + part - 1) / part, i =>
            {
                int first = i * part, count = Math.Min(part, values.Length - first);
                Span<float> of = values.Span.Slice(first, count);
                tensor.Read(start + first, of);
                Check(tensor, of);
                Span<byte> to = packed.Span.Slice(first / elements * bytes, count / elements * bytes);
                BlockPacking.Pack(tensor.Type, of, to);
            });
        }
        catch (AggregateException e) when (e.InnerException is ModelFormatException fault)
        {
            throw fault;
        }
    }

    /// <summary>Numbers and scales of all other types than these two are half precision.</summary>
    static void Check(GgufWriterTensor tensor, ReadOnlySpan<float> values)
    {
        float largest = tensor.Type is TensorType.F32 or TensorType.BF16 ? float.MaxValue : (float)Half.MaxValue;
        foreach (float value in values)
        {
            if (!(Math.Abs(value) <= largest))
                throw new ModelFormatException(tensor.Source,
                    $"{ModelFormatException.Quote(tensor.Name)} holds {value}, expected magnitudes up to {largest} "
                    + $"for {tensor.Type}. Fix: download the model again, or write bf16.");
        }
    }

    void Entry(string key, GgufValueType type, byte[] payload) =>
        _entries.Add([.. Text(key), .. BitConverter.GetBytes((uint)type), .. payload]);

    static byte[] ArrayHead(GgufValueType type, int count) =>
        [.. BitConverter.GetBytes((uint)type), .. BitConverter.GetBytes((ulong)count)];

    static byte[] Text(string text)
    {
        byte[] bytes = new byte[sizeof(ulong) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(bytes.Length - sizeof(ulong)));
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(sizeof(ulong)));
        return bytes;
    }
}
