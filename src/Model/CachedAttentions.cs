using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Model;

/// <summary>The attention kernels of each mode and cache type.</summary>
static class CachedAttentions
{
    /// <summary>Of the bf16 mode.</summary>
    public static CachedAttention<BFloat16> BFloat16(Accelerator accelerator, CacheType type) => type switch
    {
        CacheType.Plain => BFloat16<BFloat16x8>(accelerator, type),
        CacheType.Fp8 => BFloat16<Fp8x8>(accelerator, type),
        CacheType.Int8 => BFloat16<Int8x8>(accelerator, type),
        _ => BFloat16<Int4x8>(accelerator, type),
    };

    /// <summary>Of the float32 mode.</summary>
    public static CachedAttention<float> Float32(Accelerator accelerator, CacheType type) => type switch
    {
        CacheType.Plain => Float32<Float32x4, Float32x4>(accelerator, type),
        CacheType.Fp8 => Float32<Float32x8, Fp8x8>(accelerator, type),
        CacheType.Int8 => Float32<Float32x8, Int8x8>(accelerator, type),
        _ => Float32<Float32x8, Int4x8>(accelerator, type),
    };

    static CachedAttention<BFloat16, BFloat16Element, TCache> BFloat16<TCache>(Accelerator accelerator, CacheType type)
        where TCache : unmanaged, ITensorCorePack<TCache> =>
        new(accelerator, type, new PrefillAttentionBFloat16<TCache>(accelerator), new DecodingAttentionBFloat16<TCache>(accelerator));

    static CachedAttention<float, Float32Element, TCache> Float32<TPack, TCache>(Accelerator accelerator, CacheType type)
        where TPack : unmanaged, IPack<TPack>
        where TCache : unmanaged, ICachePack<TCache> =>
        new(accelerator, type, new FlashAttention<float, Float32Element, TCache>(accelerator), new FlashDecoding<float, Float32Element, TPack, TCache>(accelerator));
}
