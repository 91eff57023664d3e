using ILGPU;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// What an attention kernel must know of its slice: the queries' place in the text, the heads, the chunks. All sizes in tokens or
/// heads. Passed to kernels by value.
/// </summary>
public readonly struct AttentionSizes
{
    /// <summary>The first query's place in the text.</summary>
    public readonly int Start;

    /// <summary>Queries of the slice.</summary>
    public readonly int Tokens;
    public readonly int Heads;
    public readonly int KvHeads;
    public readonly int HeadSize;

    /// <summary>s of <see cref="DcaGeometry"/>.</summary>
    public readonly int ChunkLength;

    /// <summary>Rotations of each query: 3, or the chunks that it sees.</summary>
    public readonly int Variants;

    /// <summary>Tokens that a query sees, itself among them.</summary>
    public readonly int Window;

    /// <summary>What scores are multiplied by.</summary>
    public readonly float Scale;

    public AttentionSizes(int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        Start = start;
        Tokens = tokens;
        Heads = heads;
        KvHeads = layout.KvHeads;
        HeadSize = layout.HeadSize;
        ChunkLength = geometry.ChunkLength;
        Variants = geometry.Variants;
        Window = geometry.Window;
        Scale = scale;
    }

    /// <summary>Where a range of keys begins for queries from this one on, in kernels: on the range's grid of tiles, or past all it has.</summary>
    public int FirstVisible(int rangeStart, int query, int tile)
    {
        int low = query - Window + 1;
        if (Variants < 3)
            low = IntrinsicMath.Max(low, (query / ChunkLength - Variants + 1) * ChunkLength);
        return low <= rangeStart ? rangeStart : rangeStart + (low - rangeStart) / tile * tile;
    }

    /// <summary>The first query's place, in kernels: what the device holds of it, or <see cref="Start"/> where that is empty.</summary>
    public int StartOf(ArrayView<int> position) => position.Length != 0 ? position[0] : Start;

    /// <summary>Throws where the operands don't fit the sizes.</summary>
    /// <exception cref="ArgumentException">Says what was found and what was expected.</exception>
    public void Check(long queries, long pages, long output)
    {
        if (HeadSize is < 8 or > 256 || HeadSize % 8 != 0 || KvHeads <= 0 || Heads % KvHeads != 0)
            throw new ArgumentException($"attention: {Heads} heads over {KvHeads} KV heads of {HeadSize}. The head size must be a multiple of 8 from 8 to 256, heads a multiple of KV heads.");
        long expected = (long)Tokens * Heads * HeadSize;
        if (Start < 0 || Tokens <= 0 || queries != Variants * expected || output != expected || pages < KvLayout.Pages(Start + Tokens))
            throw new ArgumentException($"attention: {Tokens} queries from {Start}: queries have {queries} elements, output {output}, the page table {pages} pages; "
                + $"expected {Variants * expected}, {expected} and {KvLayout.Pages(Start + Tokens)}.");
    }

    /// <summary>Tiles of queries when their grid starts anew at each chunk.</summary>
    public int Tiles(int tile)
    {
        int head = FirstChunkTokens;
        long rest = Tokens - head;
        long perChunk = TilesOf(Math.Min(ChunkLength, Tokens), tile);
        return (int)(TilesOf(head, tile) + rest / ChunkLength * perChunk + TilesOf((int)(rest % ChunkLength), tile));
    }

    /// <summary>The first query of a tile, in kernels.</summary>
    public int TileStart(int index, int tile)
    {
        int headTiles = TilesOf(FirstChunkTokens, tile);
        if (index < headTiles)
            return Start + index * tile;
        int perChunk = TilesOf(ChunkLength, tile), rest = index - headTiles;
        return Start + FirstChunkTokens + rest / perChunk * ChunkLength + rest % perChunk * tile;
    }

    /// <summary>The query after a tile's last, in kernels: a tile ends with its chunk and with the slice.</summary>
    public int TileEnd(int first, int tile)
    {
        int end = IntrinsicMath.Min(first + tile, Start + Tokens);
        int toChunkEnd = ChunkLength - first % ChunkLength;
        return toChunkEnd < end - first ? first + toChunkEnd : end;
    }

    /// <summary>Queries of the slice in the chunk that it starts in.</summary>
    int FirstChunkTokens => IntrinsicMath.Min(Tokens, ChunkLength - Start % ChunkLength);

    /// <summary>Tiles that cover a number of tokens; written so that int.MaxValue doesn't overflow.</summary>
    static int TilesOf(int tokens, int tile) => tokens == 0 ? 0 : (tokens - 1) / tile + 1;
}
