using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>How a group of <see cref="FlashAttentionTensorCore{TCache}"/> gets its queries, keys and values.</summary>
/// <remarks>
/// A row of a tile is copied by 4 threads, each of which copies a pack of every block (<see cref="FragmentTile"/>);
/// rows of a quantised cache are converted by them instead.
/// </remarks>
static class AttentionTiles<TCache>
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    public const int GroupSize = 128;

    /// <summary>Queries of a group for each 16 of a warp.</summary>
    public const int Rows = GroupSize / 32 * 16;

    /// <summary>Keys of a step.</summary>
    public const int Keys = 64;

    /// <summary>Rows that a group copies at a time, and their packs of a block.</summary>
    const int CopyRows = GroupSize / FragmentTile.BlockPacks, CopyPacks = GroupSize;

    /// <summary>Packs of shared memory: keys, values, and the queries where a warp has two tiles of them.</summary>
    public static int SharedPacks(int headSize, int rowTiles) => 2 * FragmentTile.Packs(Keys, headSize / 8)
        + (rowTiles == 1 ? 0 : FragmentTile.Packs(rowTiles * Rows, headSize / 8));

    /// <summary>A lane's part of its warp's 16 queries of one rotation; zeros past the tile's end.</summary>
    public static void LoadQueries(ArrayView<uint> queries, ArrayView<uint> query, AttentionSizes sizes, int variant,
        int head, int row, int end, int pair, SpecializedValue<int> headSize)
    {
        long queryRow = ((long)variant * sizes.Tokens + (row - sizes.Start)) * sizes.Heads + head;
        long upper = queryRow * (headSize / 2) + pair;
        long lower = upper + 8L * sizes.Heads * (headSize / 2);
        for (int k = 0; k < headSize / 16; k++)
        {
            query[k * 4] = row < end ? queries[upper + k * 8] : 0u;
            query[k * 4 + 1] = row + 8 < end ? queries[lower + k * 8] : 0u;
            query[k * 4 + 2] = row < end ? queries[upper + k * 8 + 4] : 0u;
            query[k * 4 + 3] = row + 8 < end ? queries[lower + k * 8 + 4] : 0u;
        }
    }

    /// <summary>Copies the group's queries, for one rotation; zeros past the tile's end.</summary>
    public static void FetchQueries(ArrayView<BFloat16x8> queries, ArrayView<BFloat16x8> tile, AttentionSizes sizes,
        int variant, int head, int first, int end, SpecializedValue<int> headSize, SpecializedValue<int> rowTiles)
    {
        int copyRow = Group.IdxX >> 2, inBlock = Group.IdxX & (FragmentTile.BlockPacks - 1);
        int place = FragmentTile.InBlock(copyRow, inBlock);
        for (int part = 0; part < rowTiles * Rows / CopyRows; part++)
        {
            int token = first + part * CopyRows + copyRow;
            long row = (long)variant * sizes.Tokens + (IntrinsicMath.Min(token, end - 1) - sizes.Start);
            long start = (row * sizes.Heads + head) * (headSize / 8);
            CopyRow(queries, start, token < end, tile, rowTiles * Rows, place + part * CopyPacks, headSize);
        }
    }

    /// <summary>Copies the keys or values of a step; zeros past the range.</summary>
    public static void Fetch(KvRows<TCache> rows, ArrayView<BFloat16x8> tile, ArrayView<int> pageTable,
        AttentionSizes sizes, int kvHead, int key, int rangeEnd, SpecializedValue<int> headSize)
    {
        int copyRow = Group.IdxX >> 2, inBlock = Group.IdxX & (FragmentTile.BlockPacks - 1);
        int place = FragmentTile.InBlock(copyRow, inBlock);
        // A step lies on one page, or on two.
        int nextStart = (key | (KvLayout.PageTokens - 1)) + 1;
        int page = pageTable[key >> KvLayout.PageShift], next = page;
        if (nextStart < key + Keys && nextStart < rangeEnd)
            next = pageTable[nextStart >> KvLayout.PageShift];
        for (int part = 0; part < Keys / CopyRows; part++)
        {
            int token = key + part * CopyRows + copyRow;
            bool exists = token < rangeEnd;
            int source = exists ? token : key, partPlace = place + part * CopyPacks;
            long row = KvLayout.Row(source < nextStart ? page : next, sizes.KvHeads, kvHead, source, 1);
            if (default(TCache).IsScaled)
                ConvertRow(rows, row, exists, tile, partPlace, headSize);
            else
                CopyRow(rows.Packs.Cast<BFloat16x8>(), row * (headSize / 8), exists, tile, Keys, partPlace, headSize);
        }
        TileCopy.Commit();
    }

    /// <summary>This thread's packs of a row: one of each block, that of the first at a given place.</summary>
    static void CopyRow(ArrayView<BFloat16x8> source, long start, bool exists, ArrayView<BFloat16x8> tile, int rows,
        int place, SpecializedValue<int> headSize)
    {
        int inBlock = Group.IdxX & (FragmentTile.BlockPacks - 1), packs = headSize / 8;
        for (int pack = 0; pack < packs; pack += FragmentTile.BlockPacks)
        {
            // The last block may be half a row's.
            bool isInside = pack + FragmentTile.BlockPacks <= packs || pack + inBlock < packs;
            long index = start + (isInside ? inBlock : 0) + pack;
            TileCopy.Copy(tile, place + pack * rows, source, index, exists && isInside);
        }
    }

    /// <summary>The same for a quantised row of keys or values, times its scale.</summary>
    static void ConvertRow(KvRows<TCache> rows, long row, bool exists, ArrayView<BFloat16x8> tile, int place,
        SpecializedValue<int> headSize)
    {
        int inBlock = Group.IdxX & (FragmentTile.BlockPacks - 1), packs = headSize / 8;
        float scale = rows.Scale(row);
        for (int pack = 0; pack < packs; pack += FragmentTile.BlockPacks)
        {
            BFloat16x8 value = default;
            if (exists && (pack + FragmentTile.BlockPacks <= packs || pack + inBlock < packs))
                value = rows.Packs[row * packs + (pack + inBlock)].Values(scale);
            tile[place + pack * Keys] = value;
        }
    }
}
