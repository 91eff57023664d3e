using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.Moe;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Model;

/// <summary>The bytes of every buffer that a model and a text allocate. A test compares them with what is allocated.</summary>
static class BufferSizes
{
    /// <summary>Bytes of an element of weights, cache and the activations that products read.</summary>
    public static long Element(ComputeMode mode) => mode == ComputeMode.Float32 ? 4 : 2;

    /// <summary>The weights, as <see cref="DeviceWeights{T}"/> allocates them, and the memory that quantised ones are unpacked into.</summary>
    public static IEnumerable<long> Weights(
        ModelConfig config, ComputeMode mode, WeightStorage storage, bool unpacks = true)
    {
        IEnumerable<long> sizes = storage.Bytes(WeightPart.Embedding, 0, config, mode);
        for (int layer = 0; layer < config.Layers; layer++)
            foreach (WeightPart part in WeightParts.OfLayer(config, layer))
                sizes = sizes.Concat(storage.Bytes(part, layer, config, mode));
        sizes = sizes.Concat(storage.Bytes(WeightPart.FinalNorm, 0, config, mode));
        if (!config.TieWordEmbeddings)
            sizes = sizes.Concat(storage.Bytes(WeightPart.Output, 0, config, mode));
        UnpackingRoom room = Room(config, mode, storage, unpacks);
        long[] unpacked = [room.Weights * Element(mode), room.PieceElements * sizeof(float), room.ReorderedElements * Element(mode)];
        return sizes.Concat(unpacked.Where(bytes => bytes > 0));
    }

    /// <summary>What quantised matrices are unpacked into.</summary>
    /// <param name="config">The model.</param>
    /// <param name="mode">What products are made in.</param>
    /// <param name="storage">How the matrices are stored.</param>
    /// <param name="unpacks">Whether bf16 products of many rows take only unpacked weights.</param>
    public static UnpackingRoom Room(ModelConfig config, ComputeMode mode, WeightStorage storage, bool unpacks) =>
        storage.UnpackingRoom(config, mode, unpacks);

    /// <summary>What products allocate for themselves.</summary>
    public static IEnumerable<long> Products(
        ModelConfig config, ComputeMode mode, WeightStorage storage, DeviceMemory memory)
    {
        if (mode != ComputeMode.BFloat16)
            return [];
        long[] scratch = [memory.ProductScratch, storage.RunsAsFloat8(config) ? memory.Float8Scratch : 0];
        return scratch.Where(bytes => bytes > 0);
    }

    /// <summary>Keys and values of a text in whole pages, as <see cref="KvCache"/> allocates them.</summary>
    public static IEnumerable<long> Cache(ModelConfig config, ComputeMode mode, CacheType cache, int tokens)
    {
        KvLayout layout = new(config.KeyValueHeads, config.HeadDim);
        for (int k = 0; k < 2 * config.Layers; k++)
        {
            yield return KvLayout.Pages(tokens) * cache.PageBytes(layout, (int)Element(mode));
            if (cache != CacheType.Plain)
                yield return KvLayout.Pages(tokens) * cache.PageScales(layout) * sizeof(float);
        }
    }

    /// <summary><see cref="ExpertBuffers{T}"/>.</summary>
    static IEnumerable<long> Experts(ModelConfig config, long rows, long element)
    {
        if (config.Experts is not { } experts)
            yield break;
        long choices = rows * experts.PerToken;
        yield return rows * experts.Count * sizeof(float);                          // Logits
        yield return choices * sizeof(int);                                         // Chosen
        yield return choices * sizeof(float);                                       // Weights
        yield return experts.Count * sizeof(int);                                   // Counts
        yield return choices * sizeof(int);                                         // Tokens
        yield return choices * sizeof(int);                                         // Choices
        yield return ExpertScratch.TileElements(choices, experts.Count) * sizeof(int);
        yield return Activations.ExpertOutputElements(config, rows) * element;      // Outputs
    }

    /// <summary>What a text needs besides: <see cref="ActivationBuffers{T}"/>, the RoPE table, the page table.</summary>
    public static IEnumerable<long> Work(ModelConfig config, ComputeMode mode, int tokens, int slice, DcaGeometry geometry)
    {
        long rows = Math.Min(slice, tokens), element = Element(mode);
        long hidden = rows * config.HiddenSize, queries = rows * config.QueryWidth;
        yield return rows * sizeof(int);                                            // Targets
        yield return rows * sizeof(float);                                          // Losses
        yield return hidden * sizeof(float);                                        // Residual
        yield return hidden * element;                                              // Normed
        yield return (queries + 2 * rows * config.KeyValueWidth) * element;         // Qkv
        yield return queries * geometry.Variants * element;                         // Queries
        yield return queries * element;                                             // Attention
        yield return rows * Activations.GateUpElements(config) * sizeof(float);     // GateUp
        yield return rows * Activations.GatedElements(config) * element;            // Gated
        foreach (long bytes in Experts(config, rows, element))
            yield return bytes;
        yield return Math.Min(rows, Activations.LogitRows) * config.VocabularySize * sizeof(float);
        yield return Activations.PartialElements(config) * sizeof(float);           // Scratch.Partial
        yield return config.Heads * sizeof(int);                                    // Scratch.Arrivals
        yield return (tokens + 1L) * sizeof(int);                                   // History
        yield return sizeof(int);                                                   // Position
        yield return SamplerState.WordCount * sizeof(ulong);
        yield return sizeof(int);                                                   // SamplerArrivals
        yield return (long)geometry.Positions(tokens) * config.HeadDim * sizeof(float);
        yield return KvLayout.Pages(tokens) * sizeof(int);
    }
}
