using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Verification;

/// <summary>T4: the positions of Dual Chunk Attention, on the host: worked examples, real models' settings, ranges, tiles.</summary>
static class DcaGeometryChecks
{
    /// <summary>Rows of relative positions: chunk length, largest position, query, and the row from key 0 to the query itself.</summary>
    static readonly (int Chunk, int MaxPosition, int Query, int[] Row)[] s_examples =
    [
        (6, 9, 0, [0]),
        (6, 9, 1, [1, 0]),
        (6, 9, 2, [2, 1, 0]),
        (6, 9, 3, [3, 2, 1, 0]),
        (6, 9, 4, [4, 3, 2, 1, 0]),
        (6, 9, 5, [5, 4, 3, 2, 1, 0]),
        (6, 9, 6, [6, 5, 4, 3, 2, 1, 0]),
        (6, 9, 7, [7, 6, 5, 4, 3, 2, 1, 0]),
        (6, 9, 8, [8, 7, 6, 5, 4, 3, 2, 1, 0]),
        (6, 9, 9, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        (6, 9, 10, [9, 8, 7, 6, 5, 4, 4, 3, 2, 1, 0]),
        (6, 9, 11, [9, 8, 7, 6, 5, 4, 5, 4, 3, 2, 1, 0]),
        (6, 9, 12, [9, 8, 7, 6, 5, 4, 6, 5, 4, 3, 2, 1, 0]),
        (6, 9, 16, [9, 8, 7, 6, 5, 4, 9, 8, 7, 6, 5, 4, 4, 3, 2, 1, 0]),
        (6, 9, 19, [9, 8, 7, 6, 5, 4, 9, 8, 7, 6, 5, 4, 7, 6, 5, 4, 3, 2, 1, 0]),
        (6, 10, 10, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        (6, 10, 11, [10, 9, 8, 7, 6, 5, 5, 4, 3, 2, 1, 0]),
        (6, 10, 12, [10, 9, 8, 7, 6, 5, 6, 5, 4, 3, 2, 1, 0]),
        (6, 10, 19, [10, 9, 8, 7, 6, 5, 10, 9, 8, 7, 6, 5, 7, 6, 5, 4, 3, 2, 1, 0]),
    ];

    /// <summary>Settings of real models: s, pmax, the offset from which successive positions stay at pmax, the length up to which all is plain.</summary>
    static readonly (int Chunk, int MaxPosition, int ClampsFrom, int ExactLength)[] s_models =
    [
        (3072, 4095, 1023, 4096), (2560, 3072, 512, 3073), (2816, 3072, 256, 3073), (2048, 3072, 1024, 3073), (7680, 8192, 512, 8193),
        (253952, 262144, 8192, 262145), (126976, 131072, 4096, 131073),
    ];

    public static IEnumerable<Check> All()
    {
        yield return NewCheck.Of("DcaGeometry worked examples", (_, _) =>
        {
            foreach ((int chunk, int maxPosition, int query, int[] row) in s_examples)
                for (int key = 0; key <= query; key++)
                {
                    Expect(Relative(new(chunk, maxPosition), query, key), row[key], $"s {chunk}, pmax {maxPosition}: relative position of query {query} and key {key}");
                    Expect(new DcaReference(chunk, maxPosition).Relative(query, key), row[key], $"the reference's s {chunk}, pmax {maxPosition}: query {query}, key {key}");
                }
        });
        yield return NewCheck.Of("DcaGeometry of figure 2b: the previous chunk at the inter position", (_, _) =>
        {
            DcaGeometry geometry = new(6, 9) { HasSuccessive = false };
            for (int query = 6; query < 18; query++)
                for (int key = 0; key < query / 6 * 6; key++)
                    Expect(Relative(geometry, query, key), 9 - key % 6, $"relative position of query {query} and key {key}");
        });
        yield return NewCheck.Of("DcaGeometry sees as many chunks as it rotates queries for", (_, _) =>
        {
            foreach ((int visible, int variants) in new[] { (1, 1), (2, 2), (int.MaxValue, 3) })
                Expect(new DcaGeometry(6, 9) { VisibleChunks = visible }.Variants, variants, $"rotations where {visible} chunks are seen");
        });
        foreach ((int chunk, int maxPosition, int clampsFrom, int exactLength) in s_models)
            yield return NewCheck.Of($"DcaGeometry of s {chunk} pmax {maxPosition}", (_, inputs) => Model(new(chunk, maxPosition), clampsFrom, exactLength, inputs));
        yield return NewCheck.Of("DcaGeometry for trained lengths", (_, _) =>
        {
            foreach ((int trained, int chunk) in new[] { (4096, 3072), (8192, 6144), (2048, 1536), (512, 384), (600, 384), (100, 75), (2, 1) })
            {
                DcaGeometry geometry = DcaGeometry.ForTrainedLength(trained);
                Expect(geometry.ChunkLength, chunk, $"chunk length for {trained} tokens");
                Expect(geometry.MaxPosition, Math.Min(trained - 1, 2 * chunk - 1), $"largest position for {trained} tokens");
            }
        });
        yield return NewCheck.Of("DcaGeometry without chunks reaches int.MaxValue", (_, _) =>
        {
            DcaGeometry dense = DcaGeometry.Dense;
            foreach (int token in new[] { 0, 1, 1 << 30, int.MaxValue - 1 })
            {
                Expect(dense.KeyPosition(token), token, "key position");
                Expect(dense.QueryPosition(token, DcaRelation.Intra), token, "query position");
                Expect((int)dense.Relation(token, 0), (int)DcaRelation.Intra, "relation");
            }
            Expect(dense.QueryPosition(int.MaxValue - 1, DcaRelation.Successive), int.MaxValue, "successive position");
            Expect(dense.Variants, 1, "variants");
        });
        yield return NewCheck.Of("AttentionSizes tiles cover each slice once", (_, inputs) => Tiles(inputs));
    }

    static void Model(DcaGeometry geometry, int clampsFrom, int exactLength, Inputs inputs)
    {
        (int s, int p) = geometry;
        Expect(geometry.QueryPosition(s + clampsFrom - 1, DcaRelation.Successive), p - 1, "successive position before it stays");
        Expect(geometry.QueryPosition(s + clampsFrom, DcaRelation.Successive), p, "successive position from where it stays");
        Expect(geometry.QueryPosition(2 * s - 1, DcaRelation.Successive), p, "successive position at a chunk's end");
        Expect(geometry.QueryPosition(3 * s, DcaRelation.Inter), p, "inter position");
        Expect(Relative(geometry, exactLength - 1, 0), exactLength - 1, "relative position of the last query of plain length");
        Expect(Relative(geometry, exactLength, 0), p, "relative position of the first query past plain length");
        DcaReference reference = new(s, p);
        foreach (int query in inputs.Integers(200, 5 * s))
            foreach (int key in inputs.Integers(20, query + 1).Append(0).Append(query))
            {
                int relative = Relative(geometry, query, key);
                Expect(relative, reference.Relative(query, key), $"relative position of query {query} and key {key}");
                Compare.True(relative >= 0 && relative <= p && relative <= query - key, $"relative position of query {query} and key {key} is {relative}, outside 0 to {Math.Min(p, query - key)}.");
                bool isPlain = query / s == key / s || query / s == key / s + 1 && query % s <= p - s;
                Compare.True(relative == query - key == isPlain, $"query {query} and key {key}: relative position {relative}, distance {query - key}.");
            }
    }

    static void Tiles(Inputs inputs)
    {
        for (int round = 0; round < 300; round++)
        {
            int[] r = inputs.Integers(5, 1 << 20);
            int chunk = round % 5 == 0 ? int.MaxValue : 1 + r[0] % 100, start = r[1] % 300, tokens = 1 + r[2] % 200, tile = round % 2 == 0 ? 16 : 32;
            AttentionSizes sizes = new(start, tokens, 1, new KvLayout(1, 8), new DcaGeometry(chunk, chunk), 1f);
            int next = start;
            for (int index = 0; index < sizes.Tiles(tile); index++)
            {
                int first = sizes.TileStart(index, tile), end = sizes.TileEnd(first, tile);
                Compare.True(first == next && end > first && end - first <= tile && first / chunk == (end - 1) / chunk,
                    $"tile {index} of {tokens} tokens from {start} in chunks of {chunk} is {first} to {end}, expected to start at {next}, within a chunk and {tile} tokens.");
                next = end;
            }
            Expect(next, start + tokens, $"end of the tiles of {tokens} tokens from {start} in chunks of {chunk}");
        }
    }

    static int Relative(DcaGeometry geometry, int query, int key) =>
        geometry.QueryPosition(query, geometry.Relation(query, key)) - geometry.KeyPosition(key);

    static void Expect(int found, int expected, string what) => Compare.True(found == expected, $"{what} is {found}, expected {expected}.");
}
