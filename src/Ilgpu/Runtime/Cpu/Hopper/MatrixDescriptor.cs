using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// What describes a <see cref="SharedMatrix"/> to the tensor cores: from bit 0 its start (14 bits), the leading distance (from bit 16), the stride (from bit
/// 32), all in units of 16 bytes, a base offset (3 bits from bit 49) and the swizzle (bits 62 and 63: 1 is 128 bytes, 3 is 32).
/// </summary>
readonly struct MatrixDescriptor(ulong bits)
{
    const int UnitShift = 4, FieldMask = 0x3fff, RowsOfABlock = 8, Piece = SharedSwizzles.PieceBytes;

    public int Start => (int)(bits & FieldMask) << UnitShift;

    /// <summary>Bytes between blocks along the fast dimension.</summary>
    public int Leading => (int)(bits >> 16 & FieldMask) << UnitShift;

    /// <summary>Bytes between blocks of 8 rows along the other one.</summary>
    public int Stride => (int)(bits >> 32 & FieldMask) << UnitShift;

    public SharedSwizzle Swizzle => (bits >> 62) == 0 ? SharedSwizzle.None : (SharedSwizzle)(4 - (int)(bits >> 62));

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Mistake()
    {
        if ((bits >> 49 & 7) != 0)
            return $"{this} has the base offset {bits >> 49 & 7}; only 0, for patterns at multiples of their size, is possible";
        return Swizzle == SharedSwizzle.None || Start % Swizzle.PatternBytes() < Swizzle.RowBytes() ? null
            : $"{this} starts outside the first row of its pattern; a pattern of {Swizzle.PatternBytes()} bytes starts at a multiple "
                + $"of that, and a matrix in its first {Swizzle.RowBytes()} bytes";
    }

    /// <summary>Where 8 elements along k are: row r of a, or column r of b, from k = 8 half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int AlongK(int row, int half)
    {
        int block = Start + row / RowsOfABlock * Stride, inBlock = row % RowsOfABlock;
        return Swizzle == SharedSwizzle.None
            ? block + inBlock * Piece + half * Leading
            : Swizzle.Permute(block + inBlock * Swizzle.RowBytes() + half * Piece);
    }

    /// <summary>Where 8 columns of a transposed b from column 8 block are, in row k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int AlongColumns(int k, int block)
    {
        int rows = k / RowsOfABlock, inRows = k % RowsOfABlock;
        // Without a swizzle the two distances change their roles.
        if (Swizzle == SharedSwizzle.None)
            return Start + block * Stride + rows * Leading + inRows * Piece;
        int pieces = Swizzle.RowBytes() / Piece;
        return Swizzle.Permute(Start + block / pieces * Leading + block % pieces * Piece + rows * Stride
            + inRows * Swizzle.RowBytes());
    }

    public override string ToString() =>
        $"the descriptor (start {Start}, leading {Leading}, stride {Stride}, swizzle {Swizzle})";
}
