using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Loader;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Model;

/// <summary>
/// What a model and a text take on the device, in bytes, worked out before anything is allocated: every buffer, rounded as the
/// driver does. Not in it: the driver's context and the kernels' code.
/// </summary>
/// <param name="Weights">All weights as they are stored, norms in float32, and what quantised ones are unpacked into.</param>
/// <param name="Cache">Keys and values of the text, in whole pages.</param>
/// <param name="Work">Activations of a slice, logits, RoPE table, scratch.</param>
/// <param name="Available">What the device has free, weights that are loaded already counted in.</param>
public sealed record MemoryPlan(long Weights, long Cache, long Work, long Available)
{
    /// <summary>Everything together.</summary>
    public long Total => Weights + Cache + Work;

    public bool Fits => Total <= Available;

    /// <summary>The plan for a text of some tokens.</summary>
    public static MemoryPlan For(ModelConfig config, ComputeMode mode, int tokens, int slice, DcaGeometry geometry, DeviceMemory memory,
        WeightStorage? storage = null, CacheType cache = CacheType.Plain) => new(
        memory.Rule.Sum(BufferSizes.Weights(config, mode, storage ?? WeightStorage.Plain, memory.Unpacks)),
        memory.Rule.Sum(BufferSizes.Cache(config, mode, cache, tokens)),
        memory.Rule.Sum(BufferSizes.Work(config, mode, tokens, slice, geometry)
            .Concat(BufferSizes.Products(config, mode, storage ?? WeightStorage.Plain, memory))),
        memory.Available);

    /// <summary>The longest text for which the plan fits; 0 when not even the weights do.</summary>
    public static int LongestText(ModelConfig config, ComputeMode mode, int slice, DcaGeometry geometry, DeviceMemory memory, WeightStorage? storage = null,
        CacheType cache = CacheType.Plain)
    {
        int low = 0, high = int.MaxValue / 2;
        while (low < high)
        {
            int middle = low + (high - low + 1) / 2;
            if (For(config, mode, middle, slice, geometry, memory, storage, cache).Fits)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    /// <summary>Bytes of the weights' buffers, not rounded.</summary>
    public static long WeightBytes(ModelConfig config, ComputeMode mode, WeightStorage? storage = null) =>
        BufferSizes.Weights(config, mode, storage ?? WeightStorage.Plain).Sum();
}
