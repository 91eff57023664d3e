namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>Sizes of cached rows.</summary>
public static class CacheTypes
{
    /// <summary>Bytes of an element's share, for elements of some bytes where they are cached plain; times 2, for a half byte is possible.</summary>
    static int HalfBytes(this CacheType type, int plainBytes) => type switch
    {
        CacheType.Plain => 2 * plainBytes,
        CacheType.Int4 => 1,
        _ => 2,
    };

    /// <summary>Bytes of a page of one layer's keys, without scales.</summary>
    public static long PageBytes(this CacheType type, KvLayout layout, int plainBytes) => layout.PageElements * type.HalfBytes(plainBytes) / 2;

    /// <summary>Scales of such a page.</summary>
    public static long PageScales(this CacheType type, KvLayout layout) => type == CacheType.Plain ? 0 : (long)layout.KvHeads * KvLayout.PageTokens;

    /// <summary>Bytes of a token's keys and values in one layer, scales included.</summary>
    public static double TokenBytes(this CacheType type, KvLayout layout, int plainBytes) =>
        2.0 * (type.PageBytes(layout, plainBytes) + sizeof(float) * type.PageScales(layout)) / KvLayout.PageTokens;
}
