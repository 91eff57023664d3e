using System.Reflection;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Moe;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Kernels.Tests;

/// <summary>A kernel with its type arguments and the values of its specialised parameters.</summary>
/// <param name="Method">The kernel.</param>
/// <param name="Specialized">Values by parameter index.</param>
sealed record KernelInstance(MethodInfo Method, IReadOnlyDictionary<int, object> Specialized)
{
    static readonly int[] s_headSizes = [8, 24, 40, 64, 80, 128, 136, 200, 256];

    /// <summary>Every kernel of the engine, in float32 and bf16, as models of many shapes launch it.</summary>
    public static IReadOnlyList<KernelInstance> All { get; } =
    [
        .. OfStorage<float, Float32Element, Float32x4>(),
        .. OfStorage<BFloat16, BFloat16Element, BFloat16x8>(),
        .. OfEpilogue<float, Overwrite>(),
        .. OfEpilogue<float, Accumulate>(),
        .. OfEpilogue<BFloat16, Narrowed<BFloat16, BFloat16Element>>(),
        .. OfEpilogue<BFloat16, Gate<BFloat16, BFloat16Element>>(),
        Of(typeof(ExpertTensorCore<BFloat16, Gate<BFloat16, BFloat16Element>, RowsGathered>), "Kernel"),
        Of(typeof(ExpertTensorCore<BFloat16, Narrowed<BFloat16, BFloat16Element>, RowsScattered>), "Kernel"),
        .. new[] { (4, 5, 0), (4, 7, 1), (8, 4, 1), (8, 5, 0), (8, 7, 2) }.Select(layout => Of(
            typeof(ExpertTensorCore<BFloat16, Gate<BFloat16, BFloat16Element>, RowsGathered>), "QuantizedKernel", layout.Item1, layout.Item2, layout.Item3)),
        Of(typeof(ExpertTensorCore<BFloat16, Narrowed<BFloat16, BFloat16Element>, RowsScattered>), "QuantizedKernel", 8, 4, 0),
        Of(typeof(ExpertTile<float, Float32Element, float, Gate<float, Float32Element>, RowsGathered>), "Kernel"),
        Of(typeof(ExpertTile<float, Float32Element, float, Overwrite, RowsScattered>), "Kernel"),
        Of(typeof(AddBias), "Kernel"),
        Of(typeof(PlaceColumns), "Kernel"),
        Of(typeof(GatherColumns<float>), "Kernel"),
        Of(typeof(GatherColumns<BFloat16>), "Kernel"),
        Of(typeof(ExpertRouter), "Kernel"),
        Of(typeof(ExpertSort), "Count"),
        Of(typeof(ExpertSort), "Place"),
        Of(typeof(NegativeLogLikelihood), "Kernel"),
        Of(typeof(Sampler), "ApplyPenalties"),
        Of(typeof(Sampler), "Largest"),
        Of(typeof(SamplerFilter), "Pass"),
        Of(typeof(SamplerDraw), "Kernel"),
        Of(typeof(MatMulHopperKernel<Columns256, NarrowEpilogue>), "Kernel"),
        Of(typeof(MatMulHopperKernel<Columns256, GatedEpilogue>), "Kernel"),
        Of(typeof(MatMulHopperKernel<Columns256, AddEpilogue>), "Kernel"),
        Of(typeof(MatMulHopperKernel<Columns192, NarrowEpilogue>), "Kernel"),
        Of(typeof(MatMulHopperKernel<Columns128, WideEpilogue>), "Kernel"),
        Of(typeof(WeightsFirstKernel<WideEpilogue>), "Kernel", 16, 16, 0, 0),
        Of(typeof(WeightsFirstKernel<NarrowEpilogue>), "Kernel", 64, 16, 0, 0),
        Of(typeof(WeightsFirstKernel<AddEpilogue>), "Kernel", 64, 8, 4, 1),
        Of(typeof(WeightsFirstKernel<NarrowEpilogue>), "Kernel", 64, 4, 5, 0),
        Of(typeof(WeightsFirstKernel<NarrowEpilogue>), "Kernel", 128, 4, 5, 0),
        Of(typeof(WeightsFirstKernel<AddEpilogue>), "Kernel", 128, 8, 4, 1),
        Of(typeof(WeightsFirstKernel<NarrowEpilogue>), "Kernel", 256, 4, 5, 0),
        Of(typeof(WeightsFirstKernel<GatedEpilogue>), "Kernel", 256, 4, 7, 1),
        .. new[] { 16, 64, 128 }.Select(rows => Of(typeof(WeightsFirstKernel<NarrowEpilogue>), "Kernel", rows, 8, 7, 2)),
        Of(typeof(WeightsFirstKernel<GatedEpilogue>), "Kernel", 128, 8, 7, 2),
        .. new[] { 64, 256 }.Select(rows => Of(typeof(WeightsFirstKernel<AddEpilogue>), "Kernel", rows, 8, 7, 3)),
        Of(typeof(RowsToFloat8), "Kernel"),
        Of(typeof(FlashAttentionHopperKernel), "Kernel", 64),
        Of(typeof(FlashAttentionHopperKernel), "Kernel", 128),
        .. new[] { 16, 64, 80, 128 }.Select(
            headSize => Of(typeof(FlashAttentionTensorCore<BFloat16x8>), "Kernel", headSize, 2)),
        Of(typeof(FlashAttentionTensorCore<BFloat16x8>), "Kernel", 160, 1),
        .. OfCache<Fp8x8>(),
        .. OfCache<Int8x8>(),
        .. OfCache<Int4x8>(),
    ];

    /// <summary>A bf16 model's kernels, with one row in decoding.</summary>
    public static IEnumerable<KernelInstance> OfModel(int headSize, int headsPerGroup) =>
    [
        .. All.Where(kernel => kernel.Specialized.Count == 0 && !kernel.Method.DeclaringType!.GetGenericArguments().Contains(typeof(float))),
        Of(typeof(RmsNorm<BFloat16, BFloat16Element>), "Packs", 1),
        Of(typeof(RopeAppend<BFloat16, BFloat16Element, BFloat16x8>), "Kernel", headSize, 0, 0),
        Of(typeof(MatMulRow<BFloat16x8, float, Overwrite>), "Kernel", 4),
        Of(typeof(MatMulRow<BFloat16x8, float, Accumulate>), "Kernel", 2),
        Of(typeof(MatMulRow<BFloat16x8, BFloat16, Narrowed<BFloat16, BFloat16Element>>), "Kernel", 4),
        Of(typeof(MatMulRow<BFloat16x8, BFloat16, Gate<BFloat16, BFloat16Element>>), "Kernel", 4),
        Of(typeof(FlashAttention<BFloat16, BFloat16Element, BFloat16x8>), "Kernel", headSize),
        Of(typeof(FlashDecoding<BFloat16, BFloat16Element, BFloat16x8, BFloat16x8>), "Kernel", headsPerGroup, headSize),
    ];

    public string Ptx(PtxTarget target) =>
        PtxModule.Emit(KernelCompiler.Compile(Method, new CompileOptions(CompileTarget.Cuda) { Specialized = Specialized }), target);

    public override string ToString() => $"{Name(Method.DeclaringType!)}.{Method.Name}({string.Join(", ", Specialized.Values)})";

    static string Name(Type type)
    {
        string name = type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    static IEnumerable<KernelInstance> OfStorage<T, TElement, TPack>()
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>, ICachePack<TPack>
    {
        yield return Of(typeof(Embedding<T, TElement>), "Kernel");
        yield return Of(typeof(RandomNormal<T, TElement>), "Kernel");
        yield return Of(typeof(RmsNorm<T, TElement>), "Packs", 1);
        yield return Of(typeof(RmsNorm<T, TElement>), "Packs", 4);
        yield return Of(typeof(RmsNorm<T, TElement>), "Elements");
        yield return Of(typeof(SwiGlu<T, TElement>), "Kernel");
        yield return Of(typeof(ExpertCombine<T, TElement>), "Kernel");
        yield return Of(typeof(ExpertGateVector<T, TElement, TPack>), "Kernel", 1, 2);
        foreach (int perToken in new[] { 1, 2, 8 })
            yield return Of(typeof(ExpertDownVector<T, TPack>), "Kernel", perToken);
        foreach (KernelInstance product in OfProduct<T, TElement, TPack, float, Overwrite>()
            .Concat(OfProduct<T, TElement, TPack, float, Accumulate>())
            .Concat(OfProduct<T, TElement, TPack, T, Narrowed<T, TElement>>())
            .Concat(OfProduct<T, TElement, TPack, T, Gate<T, TElement>>()))
            yield return product;
        foreach ((int bits, int groupShift, int kind) in new[] { (4, 5, 0), (4, 7, 1), (8, 4, 1), (8, 5, 0), (8, 7, 2) })
        {
            yield return Of(typeof(Unpack<T, TElement>), "Kernel", bits, groupShift, kind);
            if (typeof(T) == typeof(float))
                yield return Of(typeof(EmbeddingQuantized), "Kernel", bits, groupShift, kind);
            yield return Of(typeof(MatMulQuantizedVector<TPack, float, Overwrite>), "Kernel", bits, groupShift, kind, 2);
            yield return Of(typeof(MatMulQuantizedVector<TPack, T, Gate<T, TElement>>), "Kernel", bits, groupShift, kind, 4);
            yield return Of(typeof(ExpertGateQuantized<T, TElement, TPack>), "Kernel", bits, groupShift, kind, 4);
            yield return Of(typeof(ExpertDownQuantized<T, TPack>), "Kernel", 768, 8, bits, groupShift, kind, 2);
        }
        foreach (int headSize in s_headSizes)
        {
            foreach ((int biased, int normed) in new[] { (0, 0), (0, 1), (1, 0), (1, 1) })
                yield return Of(typeof(RopeAppend<T, TElement, TPack>), "Kernel", headSize, biased, normed);
            yield return Of(typeof(FlashAttention<T, TElement, TPack>), "Kernel", headSize);
            foreach (int headsPerGroup in new[] { 1, 3, 8 })
                yield return Of(typeof(FlashDecoding<T, TElement, TPack, TPack>), "Kernel", headsPerGroup, headSize);
        }
    }

    /// <summary>The kernels that read or write a quantised cache.</summary>
    static IEnumerable<KernelInstance> OfCache<TCache>()
        where TCache : unmanaged, ITensorCorePack<TCache> =>
    [
        Of(typeof(RopeAppend<BFloat16, BFloat16Element, TCache>), "Kernel", 128, 0, 0),
        Of(typeof(RopeAppend<BFloat16, BFloat16Element, TCache>), "Kernel", 200, 1, 1),
        Of(typeof(FlashAttention<BFloat16, BFloat16Element, TCache>), "Kernel", 128),
        Of(typeof(FlashAttentionTensorCore<TCache>), "Kernel", 128, 2),
        Of(typeof(FlashAttentionTensorCore<TCache>), "Kernel", 144, 1),
        Of(typeof(FlashAttentionQuantizedKernel<TCache>), "Kernel", 64),
        Of(typeof(FlashAttentionQuantizedKernel<TCache>), "Kernel", 128),
        Of(typeof(FlashDecoding<BFloat16, BFloat16Element, BFloat16x8, TCache>), "Kernel", 1, 128),
        Of(typeof(FlashDecodingTensorCore<TCache>), "Kernel"),
    ];

    static IEnumerable<KernelInstance> OfProduct<T, TElement, TPack, TOut, TEpilogue>()
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
        where TOut : unmanaged
        where TEpilogue : struct, IEpilogue<TOut>
    {
        yield return Of(typeof(MatMulTile<T, TElement, TOut, TEpilogue>), "Kernel");
        yield return Of(typeof(MatMulRow<TPack, TOut, TEpilogue>), "Kernel", 2);
        yield return Of(typeof(MatMulRow<TPack, TOut, TEpilogue>), "Kernel", 4);
        foreach ((int rows, int columns) in new[] { (1, 2), (2, 2), (3, 4), (8, 4) })
        {
            yield return Of(typeof(MatMulVector<TPack, TOut, TEpilogue>), "Kernel", rows, columns);
            yield return Of(typeof(MatMulVector<Single<T, TElement>, TOut, TEpilogue>), "Kernel", rows, columns);
        }
    }

    static IEnumerable<KernelInstance> OfEpilogue<TOut, TEpilogue>()
        where TOut : unmanaged
        where TEpilogue : struct, IEpilogue<TOut> =>
        [
            Of(typeof(MatMulTensorCore<Tile128x128, TOut, TEpilogue>), "Kernel"),
            Of(typeof(MatMulTensorCore<Tile128x256, TOut, TEpilogue>), "Kernel"),
        ];

    /// <summary>A kernel with the values of its specialised parameters, in their order.</summary>
    static KernelInstance Of(Type type, string method, params int[] values)
    {
        MethodInfo kernel = type.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic) ?? throw new MissingMethodException(type.Name, method);
        int[] specialized = [.. kernel.GetParameters().Where(parameter => parameter.ParameterType == typeof(SpecializedValue<int>)).Select(parameter => parameter.Position)];
        return new KernelInstance(kernel, specialized.Zip(values).ToDictionary(pair => pair.First, pair => (object)pair.Second));
    }
}
