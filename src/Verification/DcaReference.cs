namespace IlgpuDca.Verification;

/// <summary>
/// The positions of Dual Chunk Attention straight from the paper's definitions, with none of the kernels' code: which chunk a
/// token is in, its place there, and the three cases of a query's position.
/// </summary>
/// <param name="Chunk">s: tokens of a chunk.</param>
/// <param name="MaxPosition">pmax: largest position of a query.</param>
readonly record struct DcaReference(int Chunk, int MaxPosition)
{
    /// <summary>Whether the previous chunk has positions of its own; else those of all earlier ones.</summary>
    public bool HasSuccessive { get; init; } = true;

    /// <summary>Chunks from the key's to the query's, at most 2: which of the three queries meets the key.</summary>
    public int Distance(int query, int key)
    {
        int chunks = 0;
        for (long end = (key / Chunk + 1L) * Chunk; end <= query && chunks < 2; end += Chunk)
            chunks++;
        return chunks;
    }

    /// <summary>Position of a key: its place in its chunk.</summary>
    public int Key(int key) => key - key / Chunk * Chunk;

    /// <summary>Position of a query towards keys this many chunks before.</summary>
    public int Query(int query, int distance)
    {
        long place = Key(query);
        return distance switch
        {
            0 => (int)place,
            1 when HasSuccessive => (int)(Chunk + place > MaxPosition ? MaxPosition : Chunk + place),
            _ => MaxPosition,
        };
    }

    /// <summary>What rotary embedding sees of a query and a key: M[i][j].</summary>
    public int Relative(int query, int key) => Query(query, Distance(query, key)) - Key(key);
}
