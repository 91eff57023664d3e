using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>Names of attention benchmarks; the anchors have the same for plain caches.</summary>
static class KernelNames
{
    /// <summary>"causal attention L=N" or "dca L=N", with the cache's type where it is quantised.</summary>
    public static string Attention(int tokens, DcaGeometry geometry, CacheType type) => $"{(geometry.IsDense ? "causal attention" : "dca")}{Of(type)} L={tokens}";

    /// <summary>"decode attention L=N".</summary>
    public static string Decode(int tokens, CacheType type) => $"decode attention{Of(type)} L={tokens}";

    static string Of(CacheType type) => type == CacheType.Plain ? "" : $" {type}".ToLowerInvariant();
}
