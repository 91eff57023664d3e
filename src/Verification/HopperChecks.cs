using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>The kernels for compute capability 9.0; the CPU accelerator runs them through their twins.</summary>
static class HopperChecks
{
    /// <summary>Around a tile's 128 rows and 128, 192 or 256 columns, its 64 elements along k, and its boxes of 64 rows and 32 or 64 columns.</summary>
    static readonly MatMulShape[] s_shapes =
    [
        new(1, 8, 8), new(9, 16, 24), new(64, 64, 64), new(65, 136, 72), new(128, 256, 128), new(129, 264, 200), new(130, 520, 328), new(300, 72, 584),
    ];

    /// <summary>Columns that are pairs of gate and up rows.</summary>
    static readonly MatMulShape[] s_pairs = [new(9, 16, 24), new(65, 272, 72), new(130, 528, 136)];

    /// <summary>Chunks of pages, texts that end inside a page, at its edge and behind it, GQA, and plain attention.</summary>
    static readonly (AttentionShape Shape, int Length)[] s_texts =
    [
        (new(1, 1, 64, DcaGeometry.Dense), 1), (new(2, 2, 128, DcaGeometry.Dense), 127), (new(2, 1, 64, DcaGeometry.Dense), 129), (new(4, 2, 128, DcaGeometry.Dense), 300),
        (new(2, 2, 64, new DcaGeometry(128, 127)), 128), (new(2, 1, 128, new DcaGeometry(128, 200)), 390), (new(6, 2, 64, new DcaGeometry(128, 255)), 515),
        (new(3, 3, 128, new DcaGeometry(256, 300)), 700), (new(2, 2, 64, new DcaGeometry(384, 500)), 769),
    ];

    public static IEnumerable<Check> All()
    {
        foreach (MatMulShape shape in s_shapes)
            foreach (Check check in MatMulChecks.Of<BFloat16, BFloat16Element>("MatMulHopper", MatMul, shape, Tolerance.TensorCoreGamma(shape.Inner)))
                yield return check;
        foreach (MatMulShape shape in s_pairs)
            yield return MatMulChecks.Gated<BFloat16, BFloat16Element>("MatMulHopper", MatMul, shape, Tolerance.TensorCoreGamma(shape.Inner));
        foreach (Check check in Attention<BFloat16x8>(s_texts).Concat(Attention<Fp8x8>(s_texts[^3..])).Concat(Attention<Int8x8>(s_texts)).Concat(Attention<Int4x8>(s_texts[^3..])))
            yield return check;
    }

    static IEnumerable<Check> Attention<TCache>((AttentionShape Shape, int Length)[] texts)
        where TCache : unmanaged, ITensorCorePack<TCache> =>
        TensorCoreAttentionChecks.Of("FlashAttentionHopper", accelerator => new FlashAttentionHopper<TCache>(HopperCase(accelerator)), texts);

    static RowsFirstProducts MatMul(Accelerator accelerator) => new(HopperCase(accelerator));

    /// <summary>The accelerator, where these kernels run.</summary>
    public static Accelerator HopperCase(Accelerator accelerator) =>
        accelerator is ILGPU.Runtime.CPU.CPUAccelerator || HopperDevice.Is(accelerator)
        ? accelerator
        : throw new CheckSkipped($"{accelerator.Name} has not compute capability 9.0.");
}
