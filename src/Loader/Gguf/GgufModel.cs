namespace IlgpuDca.Loader;

/// <summary>A model out of GGUF files: its config and its tensors under the names of a Hugging Face model.</summary>
/// <param name="Config">Translated from the metadata.</param>
/// <param name="Weights">Owns the files.</param>
/// <param name="Metadata">Of the first part.</param>
sealed record GgufModel(ModelConfig Config, ModelWeights Weights, GgufMetadata Metadata)
{
    /// <summary>Opens the parts and translates them; throws <see cref="ModelFormatException"/>.</summary>
    /// <param name="source">Where the files lie.</param>
    /// <param name="file">The file, or any part of a split one.</param>
    public static GgufModel Open(ModelSource source, string file)
    {
        List<GgufFile> parts = GgufParts.Open(source, file);
        var weights = new ModelWeights(parts[0].Name);
        try
        {
            foreach (GgufFile part in parts)
                weights.Own(part);
            Dictionary<string, WeightTensor> stored = Stored(parts);
            GgufMetadata metadata = parts[0].Metadata;
            GgufArchitecture architecture = GgufArchitecture.Of(metadata);
            ModelConfig config = GgufConfig.Read(parts[0].Name, metadata, architecture, stored, source);
            foreach (GgufFile part in parts)
            {
                foreach (TensorInfo info in part.Tensors.Values)
                    Add(weights, part, info, architecture, config.HeadDim, metadata);
            }
            return new GgufModel(config, weights, metadata);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    static Dictionary<string, WeightTensor> Stored(List<GgufFile> parts)
    {
        var stored = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (GgufFile part in parts)
        {
            foreach (TensorInfo info in part.Tensors.Values)
            {
                if (!stored.TryAdd(info.Name, new WeightTensor(part.Bytes, info)))
                    throw new ModelFormatException(part.Name,
                        $"{ModelFormatException.Quote(info.Name)} is also in {stored[info.Name].File}, expected in one "
                        + "part only. Fix: download the model again.");
            }
        }
        return stored;
    }

    /// <summary>Adds a tensor under the name, or the names, that it has in a Hugging Face model.</summary>
    /// <param name="weights">Where to.</param>
    /// <param name="part">The file that holds it.</param>
    /// <param name="info">Its entry.</param>
    /// <param name="architecture">Says whether heads are interleaved.</param>
    /// <param name="headDim">Rows of a head.</param>
    /// <param name="metadata">Says how many experts there are.</param>
    internal static void Add(ModelWeights weights, GgufFile part, TensorInfo info, GgufArchitecture architecture,
        int headDim, GgufMetadata metadata)
    {
        if (info.Name == GgufNames.RopeFactors)
            return;
        string name = GgufNames.HuggingFace(info.Name);
        if (info.Name.EndsWith(GgufNames.ExpertsEnding, StringComparison.Ordinal))
            AddExperts(weights, part, info, name, $"{architecture.Name}.expert_count", metadata);
        else if (!weights.TryAdd(name, architecture.InterleavesHeads && GgufNames.IsRotated(info.Name)
            ? new Quantization.InterleavedHeadsTensor(part.Bytes, info, headDim)
            : new WeightTensor(part.Bytes, info)))
            throw new ModelFormatException(part.Name, $"{ModelFormatException.Quote(info.Name)} is there under two "
                + "names, expected one. Fix: download the model again.");
    }

    /// <summary>Each expert is a slice of the stacked matrices.</summary>
    static void AddExperts(ModelWeights weights, GgufFile part, TensorInfo info, string name, string countKey,
        GgufMetadata metadata)
    {
        long? experts = metadata.Integer(countKey, 1, int.MaxValue);
        if (info.Shape.Length != 3 || info.Shape[0] != experts)
            throw new ModelFormatException(part.Name, $"{ModelFormatException.Quote(info.Name)} has the shape "
                + $"{info.ShapeText}, expected three dimensions, the first {experts?.ToString() ?? "of experts"} as "
                + $"'{countKey}' says. Fix: convert the model anew.");
        long bytes = info.ByteLength / info.Shape[0];
        for (int expert = 0; expert < info.Shape[0]; expert++)
        {
            TensorInfo slice = info with
            {
                Name = $"{info.Name}[{expert}]",
                Shape = info.Shape[1..],
                Offset = info.Offset + expert * bytes,
                ByteLength = bytes,
            };
            weights.TryAdd(string.Format(null, name, expert), new WeightTensor(part.Bytes, slice));
        }
    }
}
