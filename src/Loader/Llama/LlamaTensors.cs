using System.Collections.Immutable;

namespace IlgpuDca.Loader;

/// <summary>The weights of a Llama model by their part in it, each checked for name, type and shape.</summary>
public sealed class LlamaTensors
{
    const string EmbeddingName = "model.embed_tokens.weight";
    const string OutputName = "lm_head.weight";
    const string FolderFix =
        "Fix: point --model at the folder that holds these weights together with their own config.json.";

    readonly ModelConfig _config;
    readonly ModelWeights _weights;
    readonly TensorNames _names;
    readonly HashSet<string> _used = new(StringComparer.Ordinal);

    LlamaTensors(ModelConfig config, ModelWeights weights)
    {
        (_config, _weights, _names) = (config, weights, new TensorNames(weights, config.IsWrapped));
        string vocabularySizes = $"vocab_size {config.VocabularySize}, hidden_size {config.HiddenSize}";
        Embedding = Need(EmbeddingName, vocabularySizes, config.VocabularySize, config.HiddenSize);
        ImmutableArray<LlamaLayerTensors>.Builder layers = ImmutableArray.CreateBuilder<LlamaLayerTensors>();
        for (int layer = 0; layer < config.Layers; layer++)
            layers.Add(Layer($"model.layers.{layer}.", config.HasExperts(layer) ? config.Experts : null));
        Layers = layers.ToImmutable();
        FinalNorm = Need("model.norm.weight", $"hidden_size {config.HiddenSize}", config.HiddenSize);
        Output = config.TieWordEmbeddings ? Embedding
            : Need(OutputName, vocabularySizes, config.VocabularySize, config.HiddenSize);
        RefuseUnused();
    }

    /// <summary>[vocabulary, hidden].</summary>
    public WeightTensor Embedding { get; }

    /// <summary>First to last.</summary>
    public ImmutableArray<LlamaLayerTensors> Layers { get; }

    /// <summary>[hidden].</summary>
    public WeightTensor FinalNorm { get; }

    /// <summary>[vocabulary, hidden]; the embedding itself when the config ties them.</summary>
    public WeightTensor Output { get; }

    /// <summary>Finds every weight that the config asks for; throws <see cref="ModelFormatException"/>.</summary>
    /// <remarks>
    /// A weight that the config gives no place is an error too, because leaving it out would change the model:
    /// only stored RoPE frequencies and the output matrix of a tied model are passed over.
    /// </remarks>
    public static LlamaTensors Check(ModelConfig config, ModelWeights weights) => new(config, weights);

    LlamaLayerTensors Layer(string prefix, ExpertConfig? experts)
    {
        int hidden = _config.HiddenSize, queries = _config.QueryWidth, keys = _config.KeyValueWidth;
        string hiddenSize = $"hidden_size {hidden}";
        string querySizes = $"num_attention_heads {_config.Heads}, head_dim {_config.HeadDim}, {hiddenSize}";
        string keySizes = $"num_key_value_heads {_config.KeyValueHeads}, head_dim {_config.HeadDim}, {hiddenSize}";
        return new LlamaLayerTensors(
            Need(prefix + "input_layernorm.weight", hiddenSize, hidden),
            Need(prefix + "self_attn.q_proj.weight", querySizes, queries, hidden),
            Need(prefix + "self_attn.k_proj.weight", keySizes, keys, hidden),
            Need(prefix + "self_attn.v_proj.weight", keySizes, keys, hidden),
            Need(prefix + "self_attn.o_proj.weight", querySizes, hidden, queries),
            Need(prefix + "post_attention_layernorm.weight", hiddenSize, hidden),
            experts is null ? [FeedForward(prefix + "mlp.", "intermediate_size", _config.IntermediateSize)]
                : [.. Enumerable.Range(0, experts.Count).Select(e => FeedForward($"{prefix}mlp.experts.{e}.", "moe_intermediate_size", experts.IntermediateSize))])
        {
            Router = experts is null ? null : Need(prefix + "mlp.gate.weight", $"experts {experts.Count}, {hiddenSize}", experts.Count, hidden),
            QkvBias = !_config.HasQkvBias ? [] :
            [
                Need(prefix + "self_attn.q_proj.bias", querySizes, queries), Need(prefix + "self_attn.k_proj.bias", keySizes, keys),
                Need(prefix + "self_attn.v_proj.bias", keySizes, keys),
            ],
            OutputBias = _config.HasOutputBias ? [Need(prefix + "self_attn.o_proj.bias", hiddenSize, hidden)] : [],
            HeadNorms = !_config.HasHeadNorms ? [] :
            [
                Need(prefix + "self_attn.q_norm.weight", $"head_dim {_config.HeadDim}", _config.HeadDim),
                Need(prefix + "self_attn.k_norm.weight", $"head_dim {_config.HeadDim}", _config.HeadDim),
            ],
        };
    }

    FeedForwardTensors FeedForward(string prefix, string key, int intermediate)
    {
        int hidden = _config.HiddenSize;
        string sizes = $"{key} {intermediate}, hidden_size {hidden}";
        return new FeedForwardTensors(
            Need(prefix + "gate_proj.weight", sizes, intermediate, hidden),
            Need(prefix + "up_proj.weight", sizes, intermediate, hidden),
            Need(prefix + "down_proj.weight", sizes, hidden, intermediate));
    }

    WeightTensor Need(string part, string sizes, params ReadOnlySpan<long> shape)
    {
        string name = _names.Of(part);
        string expected = $"[{string.Join(", ", shape.ToArray())}]";
        WeightTensor tensor = _weights.Find(name) ?? throw new ModelFormatException(_weights.Name,
            $"has no '{name}', but config.json ({sizes}) asks for it with shape {expected}. {FolderFix}");
        if (!tensor.Info.Shape.AsSpan().SequenceEqual(shape))
            throw new ModelFormatException(tensor.File,
                $"'{name}': shape is {tensor.Info.ShapeText}, but config.json ({sizes}) makes it {expected}. "
                + FolderFix);
        tensor.CheckReadable();
        _used.Add(name);
        return tensor;
    }

    void RefuseUnused()
    {
        foreach ((string name, WeightTensor tensor) in _weights.Tensors)
        {
            if (!_used.Contains(name) && name != _names.Of(OutputName) && !_names.IsForeign(name)
                && !name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal))
                throw new ModelFormatException(tensor.File,
                    $"has {ModelFormatException.Quote(name)}, which config.json ({_config.Architecture}, "
                    + $"num_hidden_layers {_config.Layers}) gives no place. {FolderFix}");
        }
    }
}
