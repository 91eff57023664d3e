namespace IlgpuDca.Loader;

/// <summary>Which pairs of tokens merge, how early, and into what.</summary>
/// <param name="merges">By <see cref="Key"/>: rank in the upper half, the id of the whole in the lower.</param>
sealed class BpeMerges(Dictionary<ulong, ulong> merges)
{
    /// <summary>What <see cref="Find"/> gives for a pair that does not merge: a rank behind all others.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>One number for a pair.</summary>
    public static ulong Key(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    /// <summary>Rank and id of a pair's merge, or <see cref="None"/>.</summary>
    public ulong Find(int left, int right) => merges.TryGetValue(Key(left, right), out ulong merge) ? merge : None;
}
