using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Verification;

/// <summary>Products of one row by groups that stay, with plain and quantised weights, by few groups and by more than there are columns.</summary>
static class RowStreamChecks
{
    /// <summary>
    /// Columns around the pairs of 16 warps, so that a warp has none, one, and some; inner around the 2 packs of 32 lanes
    /// that are copied at a time, once to six times, and around the 4 · 512 that threads load of the row.
    /// </summary>
    static readonly (MatMulShape Shape, int Groups)[] s_plain =
    [
        (new(1, 1, 8), 1), (new(1, 2, 256), 3), (new(1, 33, 264), 1), (new(1, 70, 520), 2), (new(1, 131, 1_032), 2), (new(1, 5, 2_576), 1),
        (new(1, 3, 16_648), 4),
    ];

    static readonly MatMulShape[] s_pairs = [new(1, 16, 24), new(1, 112, 776)];

    static readonly QuantizedLayout[] s_layouts =
    [
        new(4, 32, false), new(4, 32, true), new(4, 64, true), new(4, 128, true), new(8, 16, false), new(8, 16, true), new(8, 32, false), new(8, 32, true),
        new(8, 128, true), new(8, 16, false) { IsFloat8 = true }, new(8, 128, false) { IsFloat8 = true },
    ];

    static readonly (int Columns, int Inner, int Groups)[] s_sizes =
        [(1, 128, 1), (7, 256, 2), (37, 640, 1), (69, 2_176, 1), (3, 4_224, 1), (2, 16_512, 3)];

    public static IEnumerable<Check> All()
    {
        foreach ((MatMulShape shape, int groups) in s_plain)
            foreach (Check check in MatMulChecks.Of<BFloat16, BFloat16Element>(
                Name(groups), accelerator => Make(accelerator, groups), shape, Tolerance.Gamma(shape.Inner)))
                yield return check;
        foreach (MatMulShape shape in s_pairs)
            yield return MatMulChecks.Gated<BFloat16, BFloat16Element>(
                Name(1), accelerator => Make(accelerator, 1), shape, Tolerance.Gamma(shape.Inner));
        foreach (QuantizedLayout layout in s_layouts)
        {
            foreach ((int columns, int inner, int groups) in s_sizes)
                yield return QuantizedChecks.Vector<BFloat16, BFloat16Element, BFloat16x8>(
                    Name(groups), By<BFloat16x8, float, Overwrite>(groups), layout, columns, inner);
            yield return QuantizedChecks.Vector<float, Float32Element, Float32x4>(
                Name(2), By<Float32x4, float, Overwrite>(2), layout, 35, 1_152);
            yield return QuantizedChecks.Gated<BFloat16, BFloat16Element, BFloat16x8>(
                Name(1), By<BFloat16x8, BFloat16, Gate<BFloat16, BFloat16Element>>(1), layout, 112, 384);
        }
    }

    static string Name(int groups) => $"RowStream by {groups}";

    static RowStreamProducts Make(Accelerator accelerator, int groups) => new(HopperChecks.HopperCase(accelerator), groups);

    static Func<Accelerator, QuantizedChecks.Run<TPack, TOut>> By<TPack, TOut, TEpilogue>(int groups)
        where TPack : unmanaged, IPack<TPack>
        where TOut : unmanaged
        where TEpilogue : struct, IEpilogue<TOut> => accelerator =>
        {
            RowStream<TPack, TOut, TEpilogue> product = new(HopperChecks.HopperCase(accelerator));
            return (stream, a, w, c, shape) => product.Run(stream, a, w, c, shape, groups);
        };
}
