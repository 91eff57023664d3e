using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>What <see cref="SharedSwizzle"/> does to addresses.</summary>
static class SharedSwizzles
{
    /// <summary>Bytes that are copied and permuted as one.</summary>
    public const int PieceBytes = 16;

    const int RowsOfAPattern = 8;

    /// <summary>Bytes of a row of the pattern.</summary>
    public static int RowBytes(this SharedSwizzle swizzle) => PieceBytes << (int)swizzle;

    /// <summary>Bytes from one pattern to the next: what a box or matrix starts at a multiple of.</summary>
    public static int PatternBytes(this SharedSwizzle swizzle) => RowsOfAPattern * swizzle.RowBytes();

    /// <summary>Where the byte at an offset in the plain arrangement is.</summary>
    public static int Permute(this SharedSwizzle swizzle, int offset) =>
        offset ^ (offset >> 7 & (1 << (int)swizzle) - 1) << 4;
}
