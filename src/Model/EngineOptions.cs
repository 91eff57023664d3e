using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Model;

/// <summary>How a model is run.</summary>
public sealed record EngineOptions
{
    public DevicePreference Device { get; init; } = DevicePreference.Auto;

    /// <summary>null: bf16 on a GPU, float32 on the CPU.</summary>
    public ComputeMode? Mode { get; init; }

    /// <summary>What quantised weights become.</summary>
    public WeightMode Weights { get; init; } = WeightMode.Auto;

    /// <summary>How <see cref="Engine.Random"/> stores the matrices; null: in the mode's type.</summary>
    public QuantizedLayout? RandomLayout { get; init; }

    /// <summary>What keys and values are cached as.</summary>
    public CacheType Cache { get; init; }

    /// <summary>Tokens that are carried through the layers at once; null: 8,192 on a GPU, 512 on the CPU.</summary>
    public int? SliceTokens { get; init; }

    /// <summary>Threads that copy weights to the device; null: one for each core, up to 8.</summary>
    public int? LoadThreads { get; init; }
}
