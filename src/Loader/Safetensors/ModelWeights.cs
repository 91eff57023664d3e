namespace IlgpuDca.Loader;

/// <summary>All tensors of a model: of one safetensors file, of shards and their index, or of another format.</summary>
public sealed class ModelWeights : IDisposable
{
    /// <summary>The file of a model without shards.</summary>
    internal const string SingleFile = "model.safetensors";

    readonly List<IDisposable> _files = [];
    readonly Dictionary<string, WeightTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>None yet; a reader adds them.</summary>
    /// <param name="name">The file that lists all tensors, as messages call it.</param>
    internal ModelWeights(string name) => Name = name;

    /// <summary>The file that lists all tensors, as messages call it.</summary>
    public string Name { get; }

    /// <summary>The open files.</summary>
    public IReadOnlyCollection<IDisposable> Files => _files;

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Tensors => _tensors;

    /// <summary>Size of all tensors in bytes, as stored.</summary>
    public long TotalBytes { get; private set; }

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

    /// <summary>Takes over a file; it is closed with the weights.</summary>
    internal void Own(IDisposable file) => _files.Add(file);

    /// <summary>Adds a tensor under the name that it has in a Hugging Face model; false where that is taken.</summary>
    internal bool TryAdd(string name, WeightTensor tensor)
    {
        TotalBytes += tensor.Info.ByteLength;
        return _tensors.TryAdd(name, tensor);
    }

    /// <summary>Takes a tensor out, because another is derived from it; its bytes still count.</summary>
    internal WeightTensor? Take(string name) => _tensors.Remove(name, out WeightTensor? tensor) ? tensor : null;

    /// <summary>Puts in a tensor that is derived from others, whose bytes already count.</summary>
    internal void AddDerived(string name, WeightTensor tensor) => _tensors[name] = tensor;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable file in _files)
            file.Dispose();
    }

    SafetensorsFile Add(ModelSource source, string fileName)
    {
        SafetensorsFile file = SafetensorsFile.Open(source.Open(fileName));
        Own(file);
        foreach (TensorInfo info in file.Tensors.Values)
        {
            if (!TryAdd(info.Name, new WeightTensor(file.Content, info)))
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
