using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Loader;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Model.Benchmarks.Speed;

/// <summary>
/// The least work that a test asks of a device: a multiply and an add are two operations, a causal query meets the keys up to
/// itself, memory is touched once by each slice.
/// </summary>
/// <param name="Flops">Operations of products and attention; norms, RoPE and softmax are left out.</param>
/// <param name="Bytes">Weights and cache that are read.</param>
public readonly record struct ModelCost(double Flops, double Bytes)
{
    /// <summary>A prompt.</summary>
    /// <param name="config">The model.</param>
    /// <param name="mode">What weights and cache are stored as.</param>
    /// <param name="tokens">The prompt's length.</param>
    /// <param name="depth">Tokens before it.</param>
    /// <param name="slice">Tokens that pass the layers at once, so that their weights are read once for them.</param>
    /// <param name="storage">How the matrices are stored.</param>
    /// <param name="cache">What keys and values are cached as.</param>
    public static ModelCost Prefill(ModelConfig config, ComputeMode mode, int tokens, int depth, int slice, WeightStorage storage, CacheType cache = CacheType.Plain)
    {
        double keys = tokens * (double)depth + tokens * (tokens + 1d) / 2;
        double flops = 2d * tokens * Layers(config) + 2d * Output(config) + FlopsPerKey(config) * keys;
        double bytes = OutputBytes(config, mode, storage);
        for (int start = 0; start < tokens; start += slice)
            bytes += LayerBytes(config, mode, storage, Math.Min(slice, tokens - start)) + KeyBytes(config, mode, cache) * (depth + Math.Min(start + (double)slice, tokens));
        return new ModelCost(flops, bytes);
    }

    /// <summary>Tokens one after the other.</summary>
    /// <param name="config">The model.</param>
    /// <param name="mode">What weights and cache are stored as.</param>
    /// <param name="tokens">How many.</param>
    /// <param name="depth">Tokens before them.</param>
    /// <param name="storage">How the matrices are stored.</param>
    /// <param name="cache">What keys and values are cached as.</param>
    public static ModelCost Decode(ModelConfig config, ComputeMode mode, int tokens, int depth, WeightStorage storage, CacheType cache = CacheType.Plain)
    {
        double keys = tokens * (double)depth + tokens * (tokens + 1d) / 2;
        double weights = tokens * (double)(Layers(config) + Output(config));
        double bytes = tokens * (LayerBytes(config, mode, storage, 1) + OutputBytes(config, mode, storage)) + KeyBytes(config, mode, cache) * keys;
        return new ModelCost(2 * weights + FlopsPerKey(config) * keys, bytes);
    }

    /// <summary>Seconds that a device can't go below.</summary>
    public double Seconds(DeviceLimits limits) => Math.Max(Flops / limits.FlopsPerSecond, Bytes / limits.BytesPerSecond);

    /// <summary>Elements of all matrices that each token passes.</summary>
    static long Layers(ModelConfig config)
    {
        long elements = 0;
        for (int layer = 0; layer < config.Layers; layer++)
            foreach (WeightPart part in WeightParts.OfLayer(config, layer))
                elements += part.IsVector() ? 0 : part is WeightPart.ExpertGateUp or WeightPart.ExpertDown
                    ? part.Elements(config) / config.Experts!.Count * config.Experts.PerToken : part.Elements(config);
        return elements;
    }

    /// <summary>Bytes of the matrices that some tokens read together: of experts those that are chosen if each token chooses others.</summary>
    static double LayerBytes(ModelConfig config, ComputeMode mode, WeightStorage storage, int tokens)
    {
        double bytes = 0;
        for (int layer = 0; layer < config.Layers; layer++)
            foreach (WeightPart part in WeightParts.OfLayer(config, layer))
                bytes += part.IsVector() ? 0 : storage.Bytes(part, layer, config, mode).Sum() * (part is WeightPart.ExpertGateUp or WeightPart.ExpertDown
                    ? Math.Min(1, (double)tokens * config.Experts!.PerToken / config.Experts.Count) : 1);
        return bytes;
    }

    static double OutputBytes(ModelConfig config, ComputeMode mode, WeightStorage storage) =>
        storage.Bytes(config.TieWordEmbeddings ? WeightPart.Embedding : WeightPart.Output, 0, config, mode).Sum();

    static long Output(ModelConfig config) => WeightPart.Output.Elements(config);

    /// <summary>A query's product with a key and a value's product with its weight, in all heads and layers.</summary>
    static double FlopsPerKey(ModelConfig config) => 4d * config.QueryWidth * config.Layers;

    /// <summary>Bytes of one token in the cache.</summary>
    static double KeyBytes(ModelConfig config, ComputeMode mode, CacheType cache) =>
        cache.TokenBytes(new KvLayout(config.KeyValueHeads, config.HeadDim), (int)BufferSizes.Element(mode)) * config.Layers;
}
