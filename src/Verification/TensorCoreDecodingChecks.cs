using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>Decoding with heads of 128 elements that tensor cores do, several to a KV head or quantised, against a direct softmax.</summary>
static class TensorCoreDecodingChecks
{
    static readonly (int Heads, int KvHeads)[] s_heads = [(16, 2), (2, 1), (9, 3), (3, 3)];

    /// <summary>Chunks and windows that begin and end inside the 16 keys of a tile.</summary>
    static readonly DcaGeometry[] s_geometries =
        [DcaGeometry.Dense, new(37, 53), new(130, 150), new(1, 1), DcaGeometry.Dense with { Window = 50 }, new(37, 53) { Window = 1 },
        new(37, 53) { VisibleChunks = 1 }, new(130, 150) { VisibleChunks = 2 }, new(37, 53) { HasSuccessive = false }];

    public static IEnumerable<Check> All() => Of<BFloat16x8>(s_geometries).Concat(Of<Fp8x8>(s_geometries[..2])).Concat(Of<Int8x8>(s_geometries[..3])).Concat(Of<Int4x8>(s_geometries[..2]));

    static IEnumerable<Check> Of<TCache>(DcaGeometry[] geometries)
        where TCache : unmanaged, ITensorCorePack<TCache>
    {
        string name = $"FlashDecodingTensorCore {CacheReference.Name<TCache>()}".TrimEnd();
        foreach ((int heads, int kvHeads) in s_heads)
            foreach (DcaGeometry geometry in geometries)
                foreach (int length in (int[])[1, 16, 17, 129, 395])
                {
                    AttentionShape shape = new(heads, kvHeads, 128, geometry);
                    yield return NewCheck.Of($"{name} {length} tokens, {shape}", (accelerator, inputs) =>
                    {
                        AttentionText<BFloat16, BFloat16Element, TCache> text = AttentionText<BFloat16, BFloat16Element, TCache>.Random(inputs, shape, length);
                        (double[] expected, double[] limits) = text.Expected(length - 1, 1, tensorCore: true);
                        foreach (int splits in (int[])[1, 3, 128])
                            Compare.Close($"decode in {splits} parts", Stored<BFloat16, BFloat16Element>.Values(
                                text.Decode(accelerator, new DecodingAttentionBFloat16<TCache>(accelerator), length - 1, splits, onDevice: splits == 3)), expected, limits);
                    });
                }
    }
}
