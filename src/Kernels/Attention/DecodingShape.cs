namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// How the threads of a decoding group lie over keys: some lanes of a warp share a key, so that one load instruction of the warp
/// covers whole rows. Everything follows from the head's size, so in kernels all of it is constant.
/// </summary>
/// <param name="Packs">16-byte packs of a head.</param>
/// <param name="Heads">Query heads of a group.</param>
readonly record struct DecodingShape(int Packs, int Heads)
{
    /// <summary>Lanes that share a key: the next power of two.</summary>
    public int Lanes => Packs > 16 ? 32 : Packs > 8 ? 16 : Packs > 4 ? 8 : Packs > 2 ? 4 : Packs > 1 ? 2 : 1;

    /// <summary>Packs of a key in each lane: 1, or 2 where a head has more than 32.</summary>
    public int PacksPerLane => (Packs + Lanes - 1) / Lanes;

    /// <summary>Keys that one load of a warp covers.</summary>
    public int KeysPerLoad => 32 / Lanes;

    /// <summary>Loads of keys, and as many of values, that a thread has under way: fewer where several heads need the registers.</summary>
    public int Loads => Heads == 1 && PacksPerLane == 1 && KeysPerLoad < 32 ? 8 : 4;

    /// <summary>Keys that a warp works on at once; a power of two up to a page.</summary>
    public int Batch => KeysPerLoad * Loads;
}
