using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Verification;

/// <summary>Heads and chunks of an attention check.</summary>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="HeadSize">Elements of a head.</param>
/// <param name="Geometry">Plain or Dual Chunk.</param>
sealed record AttentionShape(int Heads, int KvHeads, int HeadSize, DcaGeometry Geometry)
{
    /// <summary>Elements of a token's queries, keys and values.</summary>
    public int Width => (Heads + 2 * KvHeads) * HeadSize;

    /// <summary>What scores are multiplied by.</summary>
    public float Scale => (float)(1 / Math.Sqrt(HeadSize));

    public KvLayout Layout => new(KvHeads, HeadSize);

    /// <summary>The positions by the paper's definitions.</summary>
    public DcaReference Reference => new(Geometry.ChunkLength, Geometry.MaxPosition) { HasSuccessive = Geometry.HasSuccessive };

    public override string ToString() => (Geometry.IsDense ? "dense" : $"s {Geometry.ChunkLength} pmax {Geometry.MaxPosition}")
        + (Geometry.HasWindow ? $" window {Geometry.Window}" : "")
        + (Geometry.VisibleChunks != int.MaxValue ? $" visible {Geometry.VisibleChunks}" : "")
        + (Geometry.HasSuccessive ? "" : " no successive")
        + $" {Heads}/{KvHeads} heads of {HeadSize}";
}
