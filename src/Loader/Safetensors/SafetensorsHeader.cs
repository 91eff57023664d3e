using System.Collections.Immutable;
using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>Reads the JSON header of a safetensors file in one pass, without building a document.</summary>
/// <remarks>
/// A hostile header costs no more memory than the limits below allow, because nothing is stored before it is checked.
/// </remarks>
ref struct SafetensorsHeader
{
    /// <summary>Tensors in one file; the largest mixture-of-experts models split far below it.</summary>
    public const int MostTensors = 65_536;

    /// <summary>Bytes of one tensor name, as written in the header.</summary>
    public const int LongestName = 512;

    /// <summary>Dimensions of one tensor.</summary>
    public const int MostDimensions = 8;

    /// <summary>Entries of __metadata__.</summary>
    public const int MostMetadata = 256;

    /// <summary>Bytes of one metadata value that is kept; a longer value is checked and left out.</summary>
    public const int LongestMetadata = 4_096;

    readonly string _file;
    readonly ReadOnlySpan<byte> _json;
    readonly long _dataStart;
    Utf8JsonReader _reader;

    /// <param name="file">How messages call the file.</param>
    /// <param name="json">The header, valid UTF-8.</param>
    /// <param name="dataStart">Where the data section begins in the file, in bytes.</param>
    public SafetensorsHeader(string file, ReadOnlySpan<byte> json, long dataStart)
    {
        _file = file;
        _json = json;
        _dataStart = dataStart;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
    }

    /// <summary>By name, in the order of the header.</summary>
    public Dictionary<string, TensorInfo> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>The strings of __metadata__.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the whole header; throws <see cref="ModelFormatException"/> when a rule is broken.</summary>
    public void Read()
    {
        try
        {
            Expect(JsonTokenType.StartObject, null);
            bool metadataSeen = false;
            while (NextName(null) is { } name)
            {
                if (name != "__metadata__")
                    ReadTensor(name);
                else if (metadataSeen)
                    throw Fault("'__metadata__' is there twice, once is legal");
                else
                {
                    metadataSeen = true;
                    ReadMetadata();
                }
            }
            if (_json[(int)_reader.BytesConsumed..].ContainsAnyExcept((byte)' '))
                throw Fault("the JSON header is followed by other bytes than spaces, which alone may pad it");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(_file,
                $"the header is not valid JSON at its byte {e.BytePositionInLine + 1} of line {e.LineNumber + 1}. "
                + "Fix: download the file again.", e);
        }
    }

    void ReadTensor(string name)
    {
        if (Tensors.ContainsKey(name))
            throw Fault($"{Of(name)} is there twice, once is legal");
        if (Tensors.Count == MostTensors)
            throw Fault($"the header lists more than {MostTensors} tensors, the most that one file may have");

        TensorType? type = null;
        ImmutableArray<long>? shape = null;
        (long Begin, long End)? range = null;
        Expect(JsonTokenType.StartObject, name);
        while (NextName(name) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(name);
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers(name, "shape", MostDimensions);
                    break;
                case "data_offsets" when range is null:
                    ImmutableArray<long> pair = ReadIntegers(name, "data_offsets", 2);
                    range = pair.Length == 2 ? (pair[0], pair[1])
                        : throw Fault($"data_offsets of {Of(name)} has {pair.Length} numbers, expected begin and end");
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Fault($"{Of(name)} has {key} twice, once is legal");
                default:
                    throw Fault($"{Of(name)} has the key {ModelFormatException.Quote(key)}, expected only dtype, shape "
                        + "and data_offsets");
            }
        }
        if (type is null || shape is null || range is null)
            throw Fault($"{Of(name)} has no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        Tensors.Add(name, Checked(name, type.Value, shape.Value, range.Value));
    }

    readonly TensorInfo Checked(
        string name, TensorType type, ImmutableArray<long> shape, (long Begin, long End) range)
    {
        UInt128 bits = (UInt128)type.Bits();
        foreach (long dimension in shape)
        {
            // Every factor but a zero makes it larger, so the product is cut off before it can overflow.
            bits *= (UInt128)dimension;
            if (bits > (UInt128)long.MaxValue)
                throw Fault($"{Of(name)}: shape [{string.Join(", ", shape)}] of {type} overflows 64 bits");
        }
        if (bits % 8 != 0)
            throw Fault($"{Of(name)}: shape [{string.Join(", ", shape)}] of {type} does not end on a whole byte");
        long bytes = (long)(bits / 8);
        if (range.End < range.Begin || range.End - range.Begin != bytes)
            throw Fault($"{Of(name)}: data_offsets are [{range.Begin}, {range.End}], but shape "
                + $"[{string.Join(", ", shape)}] of {type} makes {bytes} bytes");
        if (range.End > long.MaxValue - _dataStart)
            throw Fault($"{Of(name)}: data_offsets end at {range.End}, which overflows 64 bits");
        return new TensorInfo(name, type, shape, _dataStart + range.Begin, bytes);
    }

    TensorType ReadType(string name)
    {
        Expect(JsonTokenType.String, name, "dtype");
        string type = Text(name, "dtype", 32);
        return TensorTypes.TryParse(type, out TensorType parsed) ? parsed
            : throw Fault($"{Of(name, "dtype")} is {ModelFormatException.Quote(type)}, expected one of "
                + string.Join(", ", Enum.GetValues<TensorType>().Where(known => known.IsInSafetensors())));
    }

    ImmutableArray<long> ReadIntegers(string name, string key, int most)
    {
        Expect(JsonTokenType.StartArray, name, key);
        Span<long> numbers = stackalloc long[MostDimensions];
        int count = 0;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out long number) || number < 0)
                throw Fault($"{Of(name, key)} holds something else than whole numbers from 0 to {long.MaxValue}");
            if (count == most)
                throw Fault($"{Of(name, key)} has more than {most} numbers");
            numbers[count++] = number;
        }
        return [.. numbers[..count]];
    }

    void ReadMetadata()
    {
        const string metadata = "__metadata__";
        Expect(JsonTokenType.StartObject, metadata);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (NextName(metadata) is { } key)
        {
            if (!keys.Add(key))
                throw Fault($"'{metadata}' has {ModelFormatException.Quote(key)} twice, once is legal");
            if (keys.Count > MostMetadata)
                throw Fault($"'{metadata}' has more than {MostMetadata} entries");
            Expect(JsonTokenType.String, metadata, key);
            if (_reader.ValueSpan.Length <= LongestMetadata)
                Metadata.Add(key, Text(metadata, key, LongestMetadata));
        }
    }

    /// <summary>The next key of the current object, or null at its end.</summary>
    string? NextName(string? of)
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.PropertyName ? Text(of, "a key", LongestName) : null;
    }

    void Expect(JsonTokenType type, string? name, string? key = null)
    {
        _reader.Read();
        if (_reader.TokenType != type)
            throw Fault($"{Of(name, key)} is a JSON {_reader.TokenType}, expected {type}");
    }

    readonly string Text(string? name, string key, int longest)
    {
        if (_reader.ValueSpan.Length > longest)
            throw Fault($"{Of(name, key)} has {_reader.ValueSpan.Length} bytes, expected at most {longest}");
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Fault($"{Of(name, key)} escapes half of a character (a lone surrogate)");
        }
    }

    /// <summary>How messages call a place of the header; built only when one is thrown.</summary>
    static string Of(string? name, string? key = null)
    {
        string place = name is null ? "the header" : ModelFormatException.Quote(name);
        return key is null ? place : $"{ModelFormatException.Quote(key)} of {place}";
    }

    readonly ModelFormatException Fault(string what) => new(_file, $"{what}. Fix: download the file again.");
}
