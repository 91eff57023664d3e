using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Rows of bfloat16 in shared memory from which a warp reads fragments of <see cref="TensorCore"/>: blocks of 4 packs
/// (32 columns), in a block 64 bytes a row. Packs are exchanged so that the 8 rows of a fragment, and 8 neighbouring
/// copies, lie in all 32 banks.
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
        pack / BlockPacks * (rows * BlockPacks) + InBlock(row, pack % BlockPacks);

    /// <summary>The same for the first block.</summary>
    public static int InBlock(int row, int pack) => row * BlockPacks + (pack ^ ((row >> 1) & (BlockPacks - 1)));

    /// <summary>16 rows of 16 elements, as <see cref="TensorCore.MultiplyAdd"/> takes a.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="row">The first row, a multiple of 8.</param>
    /// <param name="pack">The first pack, even.</param>
    /// <param name="x0">Rows 0 to 7, elements 0 to 7.</param>
    /// <param name="x1">Rows 8 to 15, elements 0 to 7.</param>
    /// <param name="x2">Rows 0 to 7, elements 8 to 15.</param>
    /// <param name="x3">Rows 8 to 15, elements 8 to 15.</param>
    public static void Load(ArrayView<BFloat16x8> tile, int rows, int row, int pack,
        out uint x0, out uint x1, out uint x2, out uint x3)
    {
#if ILGPU_PACKAGE
        int g = Warp.LaneIdx >> 2, t = Warp.LaneIdx & 3;
        ArrayView<uint> words = tile.Cast<uint>();
        x0 = words[Place(rows, row + g, pack) * 4 + t];
        x1 = words[Place(rows, row + 8 + g, pack) * 4 + t];
        x2 = words[Place(rows, row + g, pack + 1) * 4 + t];
        x3 = words[Place(rows, row + 8 + g, pack + 1) * 4 + t];
#else
        int place = LanePlace(rows, row, pack, Warp.LaneIdx & 15, Warp.LaneIdx >> 4);
        MatrixLoad.Load(tile.SubView(place, 1), out x0, out x1, out x2, out x3);
#endif
    }

    /// <summary>
    /// The same, as <see cref="TensorCore.MultiplyAdd"/> takes b whose columns are the rows: 8 in the words 0 and 1, the
    /// next in 2 and 3.
    /// </summary>
    public static void LoadColumns(ArrayView<BFloat16x8> tile, int rows, int row, int pack,
        out uint x0, out uint x1, out uint x2, out uint x3)
    {
#if ILGPU_PACKAGE
        Load(tile, rows, row, pack, out x0, out x2, out x1, out x3);
#else
        // Matrices in the order of the words: b's two words must be neighbours, or moving them costs more than loading.
        int lane = Warp.LaneIdx;
        int place = LanePlace(rows, row, pack, (lane & 7) | ((lane >> 1) & 8), (lane >> 3) & 1);
        MatrixLoad.Load(tile.SubView(place, 1), out x0, out x1, out x2, out x3);
#endif
    }

    /// <summary>
    /// 16 rows of 16 elements turned over: each word two rows of a column, as <see cref="TensorCore.MultiplyAdd"/> takes
    /// b, 8 columns in the words 0 and 1, the next in 2 and 3.
    /// </summary>
    public static void LoadTransposed(ArrayView<BFloat16x8> tile, int rows, int row, int pack,
        out uint x0, out uint x1, out uint x2, out uint x3)
    {
#if ILGPU_PACKAGE
        x0 = TwoRows(tile.Cast<uint>(), rows, row, pack);
        x1 = TwoRows(tile.Cast<uint>(), rows, row + 8, pack);
        x2 = TwoRows(tile.Cast<uint>(), rows, row, pack + 1);
        x3 = TwoRows(tile.Cast<uint>(), rows, row + 8, pack + 1);
#else
        int place = LanePlace(rows, row, pack, Warp.LaneIdx & 15, Warp.LaneIdx >> 4);
        MatrixLoad.LoadTransposed(tile.SubView(place, 1), out x0, out x1, out x2, out x3);
#endif
    }

#if ILGPU_PACKAGE
    /// <summary>This lane's two rows of its column of a pack.</summary>
    static uint TwoRows(ArrayView<uint> words, int rows, int row, int pack)
    {
        int g = Warp.LaneIdx >> 2, first = row + 2 * (Warp.LaneIdx & 3);
        uint upper = words[Place(rows, first, pack) * 4 + (g >> 1)];
        uint lower = words[Place(rows, first + 1, pack) * 4 + (g >> 1)];
        return (g & 1) == 0 ? (upper & 0xFFFFu) | (lower << 16) : (upper >> 16) | (lower & 0xFFFF0000u);
    }
#else
    /// <summary>
    /// <see cref="Place"/> of a lane's row and pack of 16 × 2; what depends on the lane is the same for all of them.
    /// </summary>
    static int LanePlace(int rows, int row, int pack, int laneRow, int lanePack) =>
        pack / BlockPacks * (rows * BlockPacks) + row * BlockPacks + (InBlock(laneRow, lanePack) ^ pack % BlockPacks);
#endif
}
