using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Moe;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Model;

/// <summary>The kernels of one storage type; each is compiled when first launched.</summary>
sealed class ModelKernels<T, TElement, TPack>(Accelerator accelerator, MatMul<T> matMul, CachedAttention<T> attention,
    ExpertProducts<T> expertProducts, UnpackedWeights<T, TElement> unpacked)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    public Embedding<T, TElement> Embedding { get; } = new(accelerator);

    public EmbeddingQuantized EmbeddingQuantized { get; } = new(accelerator);

    public RmsNorm<T, TElement> RmsNorm { get; } = new(accelerator);

    /// <summary>Where quantised weights are unpacked for many rows.</summary>
    public UnpackedWeights<T, TElement> Unpacked { get; } = unpacked;

    public WeightProducts<T, TElement, TPack> Products { get; } = new(accelerator, matMul, unpacked);

    public AddBias AddBias { get; } = new(accelerator);

    public CachedAttention<T> Attention { get; } = attention;

    public SwiGlu<T, TElement> SwiGlu { get; } = new(accelerator);

    public Experts<T, TElement, TPack> Experts { get; } = new(accelerator, expertProducts);

    public NegativeLogLikelihood NegativeLogLikelihood { get; } = new(accelerator);

    public Sampler Sampler { get; } = new(accelerator);
}
