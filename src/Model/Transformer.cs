using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Moe;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Model;

/// <summary>A model's weights and kernels on a device, ready for texts.</summary>
abstract class Transformer : IDisposable
{
    /// <summary>Puts a model on a device.</summary>
    /// <param name="accelerator">The device.</param>
    /// <param name="stream">Where everything is queued.</param>
    /// <param name="config">The model's sizes.</param>
    /// <param name="loader">Its weights.</param>
    /// <param name="mode">What to store them as.</param>
    /// <param name="room">What quantised ones are unpacked into.</param>
    /// <param name="cache">What texts' keys and values are cached as.</param>
    public static Transformer Load(Accelerator accelerator, AcceleratorStream stream, ModelConfig config,
        IWeightLoader loader, ComputeMode mode, UnpackingRoom room = default, CacheType cache = CacheType.Plain) =>
        mode == ComputeMode.Float32
            ? new Transformer<float, Float32Element, Float32x4>(accelerator, stream, config, room, new DeviceWeights<float>(loader, config),
                new MatMulFloat32(accelerator), CachedAttentions.Float32(accelerator, cache), unpacked => new ExpertProductsFloat32(accelerator, unpacked))
            : new Transformer<BFloat16, BFloat16Element, BFloat16x8>(accelerator, stream, config, room, new DeviceWeights<BFloat16>(loader, config),
                new MatMulBFloat16(accelerator), CachedAttentions.BFloat16(accelerator, cache), _ => new ExpertProductsBFloat16(accelerator));

    /// <summary>A new, empty text.</summary>
    public abstract TextSession Begin(AttentionPlan plan, int capacity, int slice);

    public abstract void Dispose();
}

/// <summary>A <see cref="Transformer"/> in one storage type.</summary>
sealed class Transformer<T, TElement, TPack>(Accelerator accelerator, AcceleratorStream stream, ModelConfig config,
    UnpackingRoom room, DeviceWeights<T> weights, MatMul<T> matMul, CachedAttention<T> attention,
    Func<UnpackedWeights<T, TElement>, ExpertProducts<T>> expertProducts) : Transformer
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    readonly ModelKernels<T, TElement, TPack> _kernels =
        Kernels(accelerator, room, weights, matMul, attention, expertProducts);

#if !ILGPU_PACKAGE
    bool _isPrepared;
#endif

    public override TextSession Begin(AttentionPlan plan, int capacity, int slice)
    {
        LlamaSession<T, TElement, TPack> session = new(accelerator, stream, config, weights, _kernels, plan.Geometry, plan.Temperature, plan.Rope, capacity, slice)
        {
            Plan = plan,
            Capacity = capacity,
        };
#if !ILGPU_PACKAGE
        if (!_isPrepared)
            session.PrepareKernels();
        _isPrepared = true;
#endif
        return session;
    }

    public override void Dispose()
    {
        _kernels.Unpacked.Dispose();
        weights.Dispose();
    }

    /// <summary>The kernels, with room for quantised weights to be unpacked into; where there is none, the weights are freed.</summary>
    static ModelKernels<T, TElement, TPack> Kernels(Accelerator accelerator, UnpackingRoom room,
        DeviceWeights<T> weights, MatMul<T> matMul, CachedAttention<T> attention,
        Func<UnpackedWeights<T, TElement>, ExpertProducts<T>> expertProducts)
    {
        UnpackedWeights<T, TElement> unpacked = new(accelerator);
        ModelKernels<T, TElement, TPack> kernels = new(accelerator, matMul, attention, expertProducts(unpacked), unpacked);
        try
        {
            kernels.Unpacked.Reserve(room);
            return kernels;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }
}
