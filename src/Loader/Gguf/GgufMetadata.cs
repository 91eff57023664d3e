using System.Buffers.Binary;

namespace IlgpuDca.Loader;

/// <summary>The metadata of a GGUF file: typed values by key, read where they lie in the file.</summary>
/// <remarks>
/// An absent key is null; a key of another type than asked for is a <see cref="ModelFormatException"/> that names the
/// key, the byte, what was found and what was expected. Nothing is read after the file's Dispose.
/// </remarks>
public sealed class GgufMetadata
{
    /// <summary>Bytes of a key.</summary>
    const int LongestKey = ushort.MaxValue;

    /// <summary>Keys of a file; published models have about 40.</summary>
    const int MostKeys = 65_536;

    /// <summary>Bytes of a single string, such as a chat template.</summary>
    const int LongestText = 1 << 24;

    /// <summary>A key's length, its type, and a value of one byte.</summary>
    const int FewestBytesOfEntry = sizeof(ulong) + sizeof(uint) + 1;

    readonly FileBytes _bytes;
    readonly GgufCursor _cursor;
    readonly Dictionary<string, GgufValue> _values = new(StringComparer.Ordinal);

    internal GgufMetadata(FileBytes bytes, GgufCursor cursor, ulong count)
    {
        (_bytes, _cursor) = (bytes, cursor);
        if (count > MostKeys || count > (ulong)(cursor.Left / FewestBytesOfEntry))
            throw cursor.Fault(cursor.Position - sizeof(ulong), $"the header names {count} metadata keys, expected "
                + $"at most {Math.Min(MostKeys, cursor.Left / FewestBytesOfEntry)}");
        for (ulong i = 0; i < count; i++)
            ReadEntry(i);
    }

    /// <summary>All keys, in the order of the file.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>Whether the key is there and holds an array.</summary>
    public bool IsArray(string key) => _values.TryGetValue(key, out GgufValue value) && value.IsArray;

    /// <summary>A string.</summary>
    public string? Text(string key)
    {
        if (Single(key, type => type == GgufValueType.String, "a string") is not { } value)
            return null;
        return _cursor.At(value.Offset).Text(ModelFormatException.Quote(key), LongestText);
    }

    /// <summary>A whole number of any integer type, inside its bounds.</summary>
    public long? Integer(string key, long least = long.MinValue, long most = long.MaxValue)
    {
        if (Single(key, GgufValueTypes.IsInteger, "a whole number") is not { } value)
            return null;
        return IntegerAt(value, 0) is { } number && number >= least && number <= most ? number
            : throw Fault(key, $"is {IntegerText(value, 0)}, expected a whole number from {least} to {most}");
    }

    /// <summary>A finite number of any numeric type.</summary>
    public double? Number(string key)
    {
        if (Single(key, GgufValueTypes.IsNumber, "a number") is not { } value)
            return null;
        double number = NumberAt(value, 0);
        return double.IsFinite(number) ? number : throw Fault(key, $"is {number}, expected a finite number");
    }

    /// <summary>true or false.</summary>
    public bool? Flag(string key)
    {
        if (Single(key, type => type == GgufValueType.Bool, "true or false") is not { } value)
            return null;
        byte flag = Element(value, 0)[0];
        return flag <= 1 ? flag == 1 : throw Fault(key, $"is {flag}, expected 0 or 1");
    }

    /// <summary>The strings of an array.</summary>
    public string[]? Strings(string key)
    {
        if (Many(key, type => type == GgufValueType.String, "strings") is not { } value)
            return null;
        string[] strings = new string[value.Count];
        GgufCursor cursor = _cursor.At(value.Offset);
        for (int i = 0; i < strings.Length; i++)
            strings[i] = cursor.Text($"entry {i} of {ModelFormatException.Quote(key)}", LongestText);
        return strings;
    }

    /// <summary>The whole numbers of an array, each inside the bounds.</summary>
    public int[]? Integers(string key, int least = int.MinValue, int most = int.MaxValue)
    {
        if (Many(key, GgufValueTypes.IsInteger, "whole numbers") is not { } value)
            return null;
        int[] numbers = new int[value.Count];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = IntegerAt(value, i) is { } number && number >= least && number <= most ? (int)number
                : throw Fault(key,
                    $"holds {IntegerText(value, i)} as entry {i}, expected whole numbers from {least} to {most}");
        return numbers;
    }

    /// <summary>The finite numbers of an array.</summary>
    public float[]? Numbers(string key)
    {
        if (Many(key, GgufValueTypes.IsNumber, "numbers") is not { } value)
            return null;
        float[] numbers = new float[value.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (float)NumberAt(value, i);
            if (!float.IsFinite(numbers[i]))
                throw Fault(key, $"holds {numbers[i]} as entry {i}, expected finite numbers");
        }
        return numbers;
    }

    /// <summary>The error about a key: <c>'key' (at byte N) what.</c></summary>
    public ModelFormatException Fault(string key, string what)
    {
        string place = _values.TryGetValue(key, out GgufValue value) ? $" (at byte {value.Offset})" : "";
        return new ModelFormatException(_bytes.Name, $"{ModelFormatException.Quote(key)}{place} {what}. "
            + "Fix: download the file again, or convert the model anew.");
    }

    /// <summary>A number with the digits that its own type needs: 1E-05 for the float32 next to it.</summary>
    internal string? NumberText(string key)
    {
        if (Number(key) is not { } number)
            return null;
        GgufValue value = _values[key];
        return value.Type.IsInteger() ? IntegerText(value, 0)
            : value.Type == GgufValueType.Float32 ? FormattableString.Invariant($"{(float)number:R}")
            : FormattableString.Invariant($"{number:R}");
    }

    void ReadEntry(ulong index)
    {
        long at = _cursor.Position;
        string key = _cursor.Text($"metadata key {index}", LongestKey);
        if (key.Length == 0)
            throw _cursor.Fault(at, $"metadata key {index} is empty, expected a name");
        string shown = ModelFormatException.Quote(key);
        GgufValueType type = ReadType(shown);
        GgufValue value = type == GgufValueType.Array
            ? ReadArray(shown) : new GgufValue(type, false, _cursor.Position, 1);
        if (!value.IsArray)
            Skip(type, 1, shown);
        if (!_values.TryAdd(key, value))
            throw _cursor.Fault(at, $"the metadata has {shown} twice, once is legal");
    }

    GgufValue ReadArray(string key)
    {
        GgufValueType type = ReadType($"the elements of {key}");
        if (type == GgufValueType.Array)
            throw _cursor.Fault(_cursor.Position - sizeof(uint),
                $"{key} is an array of arrays, expected plain elements");
        ulong count = _cursor.UInt64($"the count of {key}");
        var value = new GgufValue(type, true, _cursor.Position, (long)count);
        Skip(type, count, key);
        return count <= int.MaxValue ? value
            : throw _cursor.Fault(value.Offset, $"{key} has {count} elements, expected at most {int.MaxValue}");
    }

    GgufValueType ReadType(string of)
    {
        long at = _cursor.Position;
        uint type = _cursor.UInt32($"the type of {of}");
        return type <= (uint)GgufValueType.Float64 ? (GgufValueType)type
            : throw _cursor.Fault(at, $"the type of {of} is {type}, expected 0 to {(uint)GgufValueType.Float64}");
    }

    void Skip(GgufValueType type, ulong count, string key)
    {
        if (type != GgufValueType.String)
        {
            _cursor.Skip(count, type.Bytes(), key);
            return;
        }
        if (count > (ulong)(_cursor.Left / sizeof(ulong)))
            throw _cursor.Fault(_cursor.Position,
                $"{key} has {count} strings, but only {_cursor.Left} bytes are left in the file");
        for (ulong i = 0; i < count; i++)
            _cursor.SkipText(key);
    }

    GgufValue? Single(string key, Func<GgufValueType, bool> fits, string expected) =>
        !_values.TryGetValue(key, out GgufValue value) ? null
        : !value.IsArray && fits(value.Type) ? value
        : throw Fault(key, $"is {value.TypeText}, expected {expected}");

    GgufValue? Many(string key, Func<GgufValueType, bool> fits, string expected) =>
        !_values.TryGetValue(key, out GgufValue value) ? null
        : value.IsArray && fits(value.Type) ? value
        : throw Fault(key, $"is {value.TypeText}, expected an array of {expected}");

    ReadOnlySpan<byte> Element(GgufValue value, int index)
    {
        int bytes = value.Type.Bytes();
        return _bytes.Span(value.Offset + (long)index * bytes, bytes);
    }

    /// <summary>Null for an unsigned number above the largest long.</summary>
    long? IntegerAt(GgufValue value, int index)
    {
        ReadOnlySpan<byte> at = Element(value, index);
        return value.Type switch
        {
            GgufValueType.UInt8 => at[0],
            GgufValueType.Int8 => (sbyte)at[0],
            GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
            GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
            GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(at) is <= long.MaxValue and ulong number ? (long)number : null,
        };
    }

    string IntegerText(GgufValue value, int index) =>
        IntegerAt(value, index)?.ToString()
        ?? BinaryPrimitives.ReadUInt64LittleEndian(Element(value, index)).ToString();

    double NumberAt(GgufValue value, int index) => value.Type switch
    {
        GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(Element(value, index)),
        GgufValueType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(Element(value, index)),
        GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(Element(value, index)),
        _ => IntegerAt(value, index)!.Value,
    };
}
