using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>The checks of every kernel, in the order of the layers that they prove, and of the decode step that they make up.</summary>
public static class KernelChecks
{
    /// <summary>All of them, for both storage types.</summary>
    public static IReadOnlyList<Check> All { get; } = Of(quick: false);

    /// <summary>The same with fewer draws and decoded tokens: for tools under which a launch takes milliseconds.</summary>
    public static IReadOnlyList<Check> Quick { get; } = Of(quick: true);

    static IReadOnlyList<Check> Of(bool quick) =>
    [
        .. BFloat16Checks.All(),
        .. WarpChecks.All(),
        .. FragmentChecks.All(),
        .. ElementwiseChecks.Of<float, Float32Element>(),
        .. ElementwiseChecks.Of<BFloat16, BFloat16Element>(),
        .. ProjectionChecks.All(),
        .. RandomChecks.Of<float, Float32Element>(),
        .. RandomChecks.Of<BFloat16, BFloat16Element>(),
        .. LikelihoodChecks.All(),
        .. MatMulChecks.All(),
        .. ExpertRouterChecks.All(),
        .. ExpertChecks.All(),
        .. QuantizedChecks.All(),
        .. QuantizedTableChecks.All(),
        .. ReorderedChecks.Of<float, Float32Element, Float32x4>(accelerator => new MatMulFloat32(accelerator)),
        .. ReorderedChecks.Of<BFloat16, BFloat16Element, BFloat16x8>(accelerator => new MatMulBFloat16(accelerator)),
        .. DcaGeometryChecks.All(),
        .. RotaryChecks.Table(),
        .. RotaryChecks.Of<float, Float32Element, Float32x4>(),
        .. RotaryChecks.Of<BFloat16, BFloat16Element, BFloat16x8>(),
        .. CacheChecks.Of<float, Float32Element, Fp8x8>(),
        .. CacheChecks.Of<BFloat16, BFloat16Element, Fp8x8>(),
        .. CacheChecks.Of<float, Float32Element, Int8x8>(),
        .. CacheChecks.Of<BFloat16, BFloat16Element, Int8x8>(),
        .. CacheChecks.Of<float, Float32Element, Int4x8>(),
        .. CacheChecks.Of<BFloat16, BFloat16Element, Int4x8>(),
        .. AttentionChecks.Of<float, Float32Element, Float32x4, Float32x4>(),
        .. AttentionChecks.Of<BFloat16, BFloat16Element, BFloat16x8, BFloat16x8>(),
        .. AttentionChecks.Quantized<float, Float32Element, Float32x8, Fp8x8>(),
        .. AttentionChecks.Quantized<float, Float32Element, Float32x8, Int8x8>(),
        .. AttentionChecks.Quantized<float, Float32Element, Float32x8, Int4x8>(),
        .. AttentionChecks.Quantized<BFloat16, BFloat16Element, BFloat16x8, Fp8x8>(),
        .. AttentionChecks.Quantized<BFloat16, BFloat16Element, BFloat16x8, Int8x8>(),
        .. AttentionChecks.Quantized<BFloat16, BFloat16Element, BFloat16x8, Int4x8>(),
        .. TensorCoreAttentionChecks.All(),
        .. TensorCoreDecodingChecks.All(),
#if !ILGPU_PACKAGE
        .. HopperChecks.All(),
        .. WeightsFirstChecks.All(),
        .. Float8ProductChecks.All(),
#endif
        .. PipelineChecks.All(),
        .. SamplerChecks.All(quick),
        .. DecodingChecks.All(quick),
    ];
}
