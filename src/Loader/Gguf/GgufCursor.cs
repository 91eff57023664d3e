using System.Buffers.Binary;
using System.Text;

namespace IlgpuDca.Loader;

/// <summary>Walks through the header of a GGUF file; every length is compared with the bytes that are left.</summary>
/// <param name="bytes">The file.</param>
sealed class GgufCursor(FileBytes bytes)
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The next byte, counted from the start of the file.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes from here to the end of the file.</summary>
    public long Left => bytes.Length - Position;

    /// <summary>A little-endian 32-bit number.</summary>
    /// <param name="what">How a message calls it.</param>
    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    /// <summary>A little-endian 64-bit number.</summary>
    /// <param name="what">How a message calls it.</param>
    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    /// <summary>A 64-bit length and that many bytes of UTF-8.</summary>
    /// <param name="what">How a message calls it.</param>
    /// <param name="longest">Most bytes.</param>
    public string Text(string what, int longest)
    {
        long at = Position;
        ulong length = UInt64($"the length of {what}");
        if (length > (ulong)longest)
            throw Fault(at, $"{what} has {length} bytes, expected at most {longest}");
        return Decode(at, Take((int)length, what), what);
    }

    /// <summary>Passes over a 64-bit length and that many bytes.</summary>
    public void SkipText(string what)
    {
        long at = Position;
        ulong length = UInt64($"the length of {what}");
        if (length > (ulong)Left)
            throw Fault(at, $"{what} has {length} bytes, but only {Left} are left in the file");
        Position += (long)length;
    }

    /// <summary>Passes over elements of a fixed size.</summary>
    public void Skip(ulong count, int elementBytes, string what)
    {
        if (count > (ulong)(Left / elementBytes))
            throw Fault(Position, $"{what} has {count} elements of {elementBytes} bytes, "
                + $"but only {Left} bytes are left in the file");
        Position += (long)count * elementBytes;
    }

    /// <summary>UTF-8 of the file as a string; a broken one is an error.</summary>
    public string Decode(long at, ReadOnlySpan<byte> utf8, string what)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw Fault(at, $"{what} is not valid UTF-8");
        }
    }

    /// <summary>A cursor that begins elsewhere in the same file.</summary>
    public GgufCursor At(long position) => new(bytes) { Position = position };

    /// <summary>The error about a place in the file.</summary>
    public ModelFormatException Fault(long at, string what) => new(bytes.Name,
        $"at byte {at}: {what}. Fix: download the file again; if it stays so, convert the model anew.");

    ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Left)
            throw Fault(Position, $"the file ends inside {what}, which needs {count} bytes where {Left} are left");
        ReadOnlySpan<byte> taken = bytes.Span(Position, count);
        Position += count;
        return taken;
    }
}
