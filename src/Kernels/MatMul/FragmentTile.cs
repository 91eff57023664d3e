using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Rows of bfloat16 in shared memory from which a warp reads fragments of <see cref="TensorCore"/>: blocks of 4 packs (32 columns),
/// in a block 64 bytes a row. Packs are exchanged so that the 8 rows of a fragment, and 8 neighbouring copies, lie in all 32 banks.
/// </summary>
static class FragmentTile
{
    /// <summary>Packs of a row of a block.</summary>
    public const int BlockPacks = 4;

    /// <summary>Packs of a tile whose rows have so many packs.</summary>
    public static int Packs(int rows, int rowPacks) => (rowPacks + BlockPacks - 1) / BlockPacks * BlockPacks * rows;

    /// <summary>Where a pack of a row lies.</summary>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="row">Which row.</param>
    /// <param name="pack">Which pack of it.</param>
    public static int Place(int rows, int row, int pack) =>
        pack / BlockPacks * (rows * BlockPacks) + row * BlockPacks + (pack % BlockPacks ^ ((row >> 1) & (BlockPacks - 1)));

    /// <summary>
    /// 16 rows of 16 columns, as <see cref="TensorCore.MultiplyAdd"/> takes a; as b the words 0 and 2 are its first 8 columns (the
    /// tile's rows), 1 and 3 the next.
    /// </summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="row">The first row, a multiple of 8.</param>
    /// <param name="pack">The first pack, even.</param>
    /// <param name="x0">Rows 0 to 7, columns 0 to 7.</param>
    /// <param name="x1">Rows 8 to 15, columns 0 to 7.</param>
    /// <param name="x2">Rows 0 to 7, columns 8 to 15.</param>
    /// <param name="x3">Rows 8 to 15, columns 8 to 15.</param>
    public static void Load(ArrayView<BFloat16x8> tile, int rows, int row, int pack, out uint x0, out uint x1, out uint x2, out uint x3)
    {
#if ILGPU_PACKAGE
        int g = Warp.LaneIdx >> 2, t = Warp.LaneIdx & 3;
        ArrayView<uint> words = tile.Cast<uint>();
        x0 = words[Place(rows, row + g, pack) * 4 + t];
        x1 = words[Place(rows, row + 8 + g, pack) * 4 + t];
        x2 = words[Place(rows, row + g, pack + 1) * 4 + t];
        x3 = words[Place(rows, row + 8 + g, pack + 1) * 4 + t];
#else
        MatrixLoad.Load(tile.SubView(LanePlace(rows, row, pack), 1), out x0, out x1, out x2, out x3);
#endif
    }

    /// <summary>
    /// 16 rows of 16 columns turned over: each word two rows of a column, as <see cref="TensorCore.MultiplyAdd"/> takes b of the
    /// first 8 columns in the words 0 and 1, of the next in 2 and 3.
    /// </summary>
    public static void LoadTransposed(ArrayView<BFloat16x8> tile, int rows, int row, int pack, out uint x0, out uint x1, out uint x2, out uint x3)
    {
#if ILGPU_PACKAGE
        x0 = TwoRows(tile.Cast<uint>(), rows, row, pack);
        x1 = TwoRows(tile.Cast<uint>(), rows, row + 8, pack);
        x2 = TwoRows(tile.Cast<uint>(), rows, row, pack + 1);
        x3 = TwoRows(tile.Cast<uint>(), rows, row + 8, pack + 1);
#else
        MatrixLoad.LoadTransposed(tile.SubView(LanePlace(rows, row, pack), 1), out x0, out x1, out x2, out x3);
#endif
    }

#if ILGPU_PACKAGE
    /// <summary>This lane's two rows of its column of a pack.</summary>
    static uint TwoRows(ArrayView<uint> words, int rows, int row, int pack)
    {
        int g = Warp.LaneIdx >> 2, first = row + 2 * (Warp.LaneIdx & 3);
        uint upper = words[Place(rows, first, pack) * 4 + (g >> 1)], lower = words[Place(rows, first + 1, pack) * 4 + (g >> 1)];
        return (g & 1) == 0 ? (upper & 0xFFFFu) | (lower << 16) : (upper >> 16) | (lower & 0xFFFF0000u);
    }
#else
    /// <summary><see cref="Place"/> of this lane's row, lane % 16, and pack, lane / 16: what depends on the lane is the same for all rows.</summary>
    static int LanePlace(int rows, int row, int pack)
    {
        int lane = Warp.LaneIdx;
        return pack / BlockPacks * (rows * BlockPacks) + row * BlockPacks
            + ((lane & 15) * BlockPacks + ((lane >> 4) ^ ((lane >> 1) & (BlockPacks - 1)) ^ pack % BlockPacks));
    }
#endif
}
