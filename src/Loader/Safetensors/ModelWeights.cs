namespace IlgpuDca.Loader;

/// <summary>All tensors of a model: one safetensors file, or shards and their index.</summary>
public sealed class ModelWeights : IDisposable
{
    const string SingleFile = "model.safetensors";

    readonly List<SafetensorsFile> _files = [];
    readonly Dictionary<string, WeightTensor> _tensors = new(StringComparer.Ordinal);

    ModelWeights(string name) => Name = name;

    /// <summary>The file that lists all tensors, as messages call it.</summary>
    public string Name { get; }

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Tensors => _tensors;

    /// <summary>The open files.</summary>
    public IReadOnlyList<SafetensorsFile> Files => _files;

    /// <summary>Size of all tensors in bytes, as stored.</summary>
    public long TotalBytes => _tensors.Values.Sum(tensor => tensor.Info.ByteLength);

    /// <summary>Opens the weights in a folder on disk; throws <see cref="ModelFormatException"/>.</summary>
    public static ModelWeights Open(string folder) => Open(ModelSource.FromFolder(folder));

    /// <summary>Opens the weights of a source; throws <see cref="ModelFormatException"/>.</summary>
    public static ModelWeights Open(ModelSource source)
    {
        if (source.Has(SingleFile))
            return Filled(new ModelWeights(source.NameOf(SingleFile)), weights => weights.Add(source, SingleFile));
        if (source.Has(ShardIndex.FileName))
            return Filled(new ModelWeights(source.NameOf(ShardIndex.FileName)), weights => weights.AddShards(source));
        throw new ModelFormatException(source.Name,
            $"has neither {SingleFile} nor {ShardIndex.FileName}. Fix: give a folder with weights in safetensors.");
    }

    static ModelWeights Filled(ModelWeights weights, Action<ModelWeights> fill)
    {
        try
        {
            fill(weights);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of this name, or null.</summary>
    public WeightTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SafetensorsFile file in _files)
            file.Dispose();
    }

    SafetensorsFile Add(ModelSource source, string fileName)
    {
        SafetensorsFile file = SafetensorsFile.Open(source.Open(fileName));
        _files.Add(file);
        foreach (TensorInfo info in file.Tensors.Values)
        {
            if (!_tensors.TryAdd(info.Name, new WeightTensor(file.Content, info)))
                throw new ModelFormatException(file.Name,
                    $"{ModelFormatException.Quote(info.Name)} is also in {_tensors[info.Name].File}, expected in one "
                    + "shard only. Fix: download the model again.");
        }
        return file;
    }

    void AddShards(ModelSource source)
    {
        Dictionary<string, string> shardOf = ShardIndex.Read(source);
        foreach (string shard in shardOf.Values.Distinct().Order(StringComparer.Ordinal))
        {
            source.CheckOwn(Name, shard);
            foreach (string tensor in Add(source, shard).Tensors.Keys)
            {
                string named = shardOf.GetValueOrDefault(tensor) ?? "no shard";
                if (named != shard)
                    throw new ModelFormatException(Name,
                        $"'weight_map' puts {ModelFormatException.Quote(tensor)} into "
                        + $"{ModelFormatException.Quote(named)}, but it is in "
                        + $"{ModelFormatException.Quote(shard)}. Fix: download the index and the shards again.");
            }
        }
        foreach ((string tensor, string shard) in shardOf)
        {
            if (!_tensors.ContainsKey(tensor))
                throw new ModelFormatException(Name,
                    $"'weight_map' puts {ModelFormatException.Quote(tensor)} into {ModelFormatException.Quote(shard)}, "
                    + "which does not hold it. Fix: download the index and the shards again.");
        }
    }
}
