namespace IlgpuDca.Kernels.Sampling;

/// <summary>
/// Philox4x32-10, a counter-based generator (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011): the same seed
/// and counter give the same bits anywhere, so a text can be continued or repeated from any position. Usable in kernels.
/// </summary>
public static class Philox
{
    /// <summary>64 random bits for a seed and a counter.</summary>
    public static ulong Next(ulong seed, ulong counter)
    {
        uint x0 = (uint)counter, x1 = (uint)(counter >> 32), x2 = 0, x3 = 0;
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = (ulong)x0 * 0xD2511F53u, product1 = (ulong)x2 * 0xCD9E8D57u;
            uint y0 = (uint)(product1 >> 32) ^ x1 ^ key0, y2 = (uint)(product0 >> 32) ^ x3 ^ key1;
            x1 = (uint)product1;
            x3 = (uint)product0;
            x0 = y0;
            x2 = y2;
            key0 += 0x9E3779B9u;
            key1 += 0xBB67AE85u;
        }
        return ((ulong)x1 << 32) | x0;
    }
}
