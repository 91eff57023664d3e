using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>A box of a tensor in global memory, and a place for it in shared memory.</summary>
/// <param name="map">The tensor.</param>
/// <param name="address">Bytes from the start of shared memory.</param>
/// <param name="coordinates">The box's first element; those beyond the rank are 0.</param>
readonly unsafe struct TensorBox(HostTensorMap* map, int address, Coordinates coordinates)
{
    const int Piece = SharedSwizzles.PieceBytes, PlainAlignment = 128;

    readonly Coordinates _coordinates = coordinates;

    /// <summary>Bytes from the start of shared memory to the box.</summary>
    public int Address => address;

    /// <summary>Bytes that a load completes, what is outside the tensor included.</summary>
    public int Bytes => Rows * RowBytes;

    /// <summary>What is wrong with the box's places; null when nothing is.</summary>
    /// <param name="sharedBytes">Bytes of the group's shared memory.</param>
    /// <param name="stores">Whether the box is written or added to the tensor.</param>
    public string? Mistake(long sharedBytes, bool stores)
    {
        int alignment = map->Swizzle == SharedSwizzle.None ? PlainAlignment : map->Swizzle.PatternBytes();
        if (address < 0 || address + (long)Bytes > sharedBytes)
            return $"a box of {Bytes} bytes at byte {address} of {sharedBytes} of shared memory; it must lie inside";
        if (_coordinates[0] * (long)map->ElementSize % Piece != 0)
            return $"a box at {_coordinates[0]} along its rows of elements of {map->ElementSize} bytes; it must start at a multiple of {Piece} bytes";
        for (int k = 0; stores && k < map->Rank; k++)
            if (_coordinates[k] < 0)
                return $"a box to be stored at {_coordinates[k]} in dimension {k}; only loads may start before the tensor";
        return address % alignment == 0 ? null
            : $"a box at byte {address} of shared memory; with the swizzle {map->Swizzle} it must start at a multiple of {alignment}";
    }

    /// <summary>Where the piece at an offset in the box lies in shared memory.</summary>
    public int PlaceOf(int offset) => map->Swizzle.Permute(address + offset);

    /// <summary>Tensor to shared memory; zeros from outside.</summary>
    public void Load(byte* shared)
    {
        (int first, int end) = InsideOfRows();
        byte* part = stackalloc byte[Piece];
        for (int row = 0; row < Rows; row++)
        {
            bool inside = TryRow(row, out byte* global) && first < end;
            for (int offset = 0; offset < RowBytes; offset += Piece)
            {
                byte* target = shared + PlaceOf(row * RowBytes + offset);
                if (inside && first <= offset && offset + Piece <= end)
                {
                    Unsafe.CopyBlockUnaligned(target, global + offset, Piece);
                    continue;
                }
                Unsafe.InitBlockUnaligned(target, 0, Piece);
                int from = Math.Max(first, offset), to = Math.Min(end, offset + Piece);
                if (inside && from < to)
                    Unsafe.CopyBlockUnaligned(target + (from - offset), global + from, (uint)(to - from));
            }
        }
    }

    /// <summary>Shared memory to a plain arrangement of <see cref="Bytes"/>.</summary>
    public void Read(byte* shared, Span<byte> plain)
    {
        for (int offset = 0; offset < plain.Length; offset += Piece)
            new Span<byte>(shared + PlaceOf(offset), Piece).CopyTo(plain[offset..]);
    }

    /// <summary>A plain arrangement to the tensor; what is outside is left out.</summary>
    /// <param name="plain">The box's bytes.</param>
    /// <param name="add">Add float32 elements to what is there.</param>
    public void Write(ReadOnlySpan<byte> plain, bool add)
    {
        (int first, int end) = InsideOfRows();
        if (first >= end)
            return;
        for (int row = 0; row < Rows; row++)
        {
            if (!TryRow(row, out byte* global))
                continue;
            ReadOnlySpan<byte> part = plain.Slice(row * RowBytes + first, end - first);
            if (!add)
                part.CopyTo(new Span<byte>(global + first, end - first));
            for (int offset = 0; add && offset < part.Length; offset += sizeof(float))
                Atomics.Add((float*)(global + first + offset), BitConverter.ToSingle(part[offset..]));
        }
    }

    int RowBytes => map->BoxExtent(0) * map->ElementSize;

    int Rows
    {
        get
        {
            int rows = 1;
            for (int k = 1; k < map->Rank; k++)
                rows *= map->BoxExtent(k);
            return rows;
        }
    }

    /// <summary>The bytes of a row that are inside the tensor along the fastest dimension.</summary>
    (int First, int End) InsideOfRows()
    {
        long first = Math.Clamp(-(long)_coordinates[0], 0, map->BoxExtent(0));
        long end = Math.Clamp(map->Extent(0) - _coordinates[0], 0, map->BoxExtent(0));
        return ((int)first * map->ElementSize, (int)end * map->ElementSize);
    }

    /// <summary>Where the box's row begins; false where it is outside along another dimension.</summary>
    bool TryRow(int row, out byte* global)
    {
        global = (byte*)map->Address + (long)_coordinates[0] * map->ElementSize;
        for (int k = 1; k < map->Rank; k++)
        {
            long coordinate = _coordinates[k] + (long)(row % map->BoxExtent(k));
            row /= map->BoxExtent(k);
            if ((ulong)coordinate >= (ulong)map->Extent(k))
                return false;
            global += coordinate * map->Stride(k);
        }
        return true;
    }
}
