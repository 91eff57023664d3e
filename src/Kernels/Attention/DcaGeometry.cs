namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// The positions of Dual Chunk Attention (arXiv 2402.17463, equations 2, 5 and 7, with the largest query position as a parameter
/// of its own). Keys are cut into chunks and take their position in the chunk; a query has one position for each relation.
/// All sizes are in tokens.
/// </summary>
/// <param name="ChunkLength">s: tokens of a chunk. Positions of keys are taken modulo s.</param>
/// <param name="MaxPosition">pmax: the largest position of a query, from s - 1 to 2s - 1.</param>
public readonly record struct DcaGeometry(int ChunkLength, int MaxPosition)
{
    /// <summary>One chunk without end: plain rotary attention.</summary>
    public static readonly DcaGeometry Dense = new(int.MaxValue, int.MaxValue);

    /// <summary>Tokens that a query sees, itself among them; int.MaxValue: all before it. A window counts tokens, whatever their positions.</summary>
    public int Window { get; init; } = int.MaxValue;

    /// <summary>Whether keys are out of sight that lie far back.</summary>
    public bool HasWindow => Window != int.MaxValue;

    /// <summary>Chunks whose keys a query sees, its own among them: 1, 2, or int.MaxValue for all of them. An ablation: the method sees all.</summary>
    public int VisibleChunks { get; init; } = int.MaxValue;

    /// <summary>
    /// Whether the previous chunk's keys are met with positions of their own. An ablation where not: then they are met with the
    /// largest position, as all earlier ones (figure 2b).
    /// </summary>
    public bool HasSuccessive { get; init; } = true;

    /// <summary>Whether this is plain attention.</summary>
    public bool IsDense => ChunkLength == int.MaxValue;

    /// <summary>
    /// Query rotations that the geometry needs, numbered as <see cref="DcaRelation"/>: 1 for plain attention, else 3, or one for each
    /// visible chunk. Fewer than 3 of a chunked text: what lies before the last <see cref="Variants"/> chunks is out of sight.
    /// </summary>
    public int Variants => IsDense ? 1 : Math.Min(3, VisibleChunks);

    /// <summary>What is added to a query's place in its chunk, below <see cref="MaxPosition"/>, for its position towards the previous chunk.</summary>
    public int SuccessiveShift => HasSuccessive ? ChunkLength : MaxPosition;

    /// <summary>The paper's setting for a model trained on c tokens: s = 3c/4, a multiple of 128 for c of 512 and more; pmax = c - 1.</summary>
    public static DcaGeometry ForTrainedLength(int trainedLength)
    {
        int chunk = Math.Max(1, (int)(trainedLength * 3L / 4));
        if (trainedLength >= 512)
            chunk = chunk / 128 * 128;
        return new DcaGeometry(chunk, Math.Min(trainedLength - 1, 2 * chunk - 1));
    }

    /// <summary>Which of the three rotated queries meets this key. Requires key &lt;= query.</summary>
    public DcaRelation Relation(int queryToken, int keyToken) =>
        (queryToken / ChunkLength - keyToken / ChunkLength) switch
        {
            0 => DcaRelation.Intra,
            1 => DcaRelation.Successive,
            _ => DcaRelation.Inter,
        };

    /// <summary>RoPE position of a key, whatever the text's length.</summary>
    public int KeyPosition(int keyToken) => keyToken % ChunkLength;

    /// <summary>RoPE position of a query; never above MaxPosition.</summary>
    public int QueryPosition(int queryToken, DcaRelation relation)
    {
        int offset = queryToken % ChunkLength;
        return relation switch
        {
            DcaRelation.Intra => offset,
            DcaRelation.Successive => (int)Math.Min((long)offset + SuccessiveShift, MaxPosition),
            _ => MaxPosition,
        };
    }

    /// <summary>Positions that a RoPE table must hold for texts of this many tokens.</summary>
    public int Positions(int tokens) => IsDense ? tokens : MaxPosition + 1;
}
