using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Model.Benchmarks.Speed;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>The kernels that decide how fast a model is, in the sizes of Llama-2-7B.</summary>
public static class KernelSuite
{
    /// <summary>s of the DCA cases: three quarters of the 4,096 tokens that Llama-2 was trained on.</summary>
    static readonly DcaGeometry _chunks = DcaGeometry.ForTrainedLength(4_096);

    static readonly DcaGeometry _smallChunks = new(96, 127);

    /// <summary>All cases for a device: a GPU's sizes, or small ones that a CPU gets through.</summary>
    public static IEnumerable<KernelCase> For(ComputeDevice device) => device.IsCuda ? Full() : Small();

    static IEnumerable<KernelCase> Full() => Cases(2L << 30, 8L << 30,
        [new(4096, 4096, 4096), new(4096, 11008, 4096), new(4096, 4096, 11008), new(4096, 12288, 4096), new(8192, 8192, 8192), new(512, 11008, 4096)],
        [new(1, 4096, 4096), new(1, 11008, 4096), new(1, 4096, 11008), new(1, 32000, 4096)],
        [new(1, 22016, 4096), new(1, 4096, 11008), new(1, 57344, 8192), new(1, 8192, 28672), new(512, 11008, 4096), new(4096, 11008, 4096)],
        heads: 32, new KvLayout(32, 128), [4_096, 16_384, 32_768, 65_536, 131_072], [16_384, 32_768, 65_536, 98_304, 131_072], _chunks, [4_096, 32_768, 131_072],
        vocabulary: 151_936);

    static IEnumerable<KernelCase> Small() => Cases(1L << 16, 1L << 16,
        [new(72, 40, 128)], [new(1, 72, 40)], [new(1, 72, 128), new(72, 40, 128)], heads: 4, new KvLayout(2, 32), [130, 256], [130, 256], _smallChunks, [130, 256],
        vocabulary: 2_000);

    static IEnumerable<KernelCase> Cases(long copyBytes, long readBytes, MatMulShape[] many, MatMulShape[] one, MatMulShape[] quantized, int heads, KvLayout layout, int[] dense, int[] chunked,
        DcaGeometry chunks, int[] decode, int vocabulary)
    {
        yield return new KernelCase(KernelGroup.Copy, "copy", device => new CopyBenchmark(device, copyBytes));
        yield return new KernelCase(KernelGroup.Read, "read", device => new ReadBenchmark(device, readBytes));
        foreach (MatMulShape shape in many)
            yield return new KernelCase(KernelGroup.Gemm, ProductBenchmark.NameOf(shape), device => new ProductBenchmark(device, shape));
        foreach (MatMulShape shape in one)
            yield return new KernelCase(KernelGroup.Gemv, ProductBenchmark.NameOf(shape), device => new ProductBenchmark(device, shape));
        foreach (MatMulShape shape in quantized.OrderBy(shape => shape.Rows > 1))
            foreach (string format in ModelShapes.Quantizations)
                yield return new KernelCase(shape.Rows == 1 ? KernelGroup.Qgemv : KernelGroup.Qgemm, QuantizedProductBenchmark.NameOf(format, shape),
                    device => new QuantizedProductBenchmark(device, format, shape));
        foreach (int tokens in dense)
            yield return Attention<BFloat16x8>(KernelGroup.Attention, tokens, DcaGeometry.Dense, CacheType.Plain);
        yield return Attention<Fp8x8>(KernelGroup.Attention, dense[^1], DcaGeometry.Dense, CacheType.Fp8);
        yield return Attention<Int8x8>(KernelGroup.Attention, dense[^1], DcaGeometry.Dense, CacheType.Int8);
        yield return Attention<Int4x8>(KernelGroup.Attention, dense[^1], DcaGeometry.Dense, CacheType.Int4);
        foreach (int tokens in chunked)
            yield return Attention<BFloat16x8>(KernelGroup.Dca, tokens, chunks, CacheType.Plain);
        foreach (int tokens in decode)
            yield return Decode<BFloat16x8>(tokens, CacheType.Plain);
        yield return Decode<Fp8x8>(decode[^1], CacheType.Fp8);
        yield return Decode<Int8x8>(decode[^1], CacheType.Int8);
        yield return Decode<Int4x8>(decode[^1], CacheType.Int4);
        yield return new KernelCase(KernelGroup.Sampling, SamplingBenchmark.NameOf(vocabulary), device => new SamplingBenchmark(device, vocabulary));

        KernelCase Attention<TCache>(KernelGroup group, int tokens, DcaGeometry geometry, CacheType type)
            where TCache : unmanaged, ITensorCorePack<TCache> => new(group, KernelNames.Attention(tokens, geometry, type),
            device => new AttentionBenchmark<TCache>(device, new AttentionSetting(tokens, heads, layout), geometry, type));

        KernelCase Decode<TCache>(int tokens, CacheType type)
            where TCache : unmanaged, ITensorCorePack<TCache> => new(KernelGroup.Decode, KernelNames.Decode(tokens, type),
            device => new DecodeAttentionBenchmark<TCache>(device, new AttentionSetting(tokens, heads, layout), type));
    }
}
