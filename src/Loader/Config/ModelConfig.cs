using System.Collections.Immutable;
using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>What config.json says about a model, every number inside its bounds.</summary>
public sealed record ModelConfig
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "config.json";

    /// <summary>The config for texts of a million tokens, beside the plain one.</summary>
    public const string LongFileName = "config_1m.json";

    /// <summary>Beside config.json: instruction models name there what ends an answer.</summary>
    public const string GenerationFileName = "generation_config.json";

    /// <summary>The architectures that can be run.</summary>
    public static ImmutableArray<string> SupportedArchitectures { get; } = [.. Loader.Architecture.All.Select(one => one.Name), LlavaConfig.ClassName];

    /// <summary>Bound on every length in tokens.</summary>
    internal const int MostTokens = 1 << 27;

    /// <summary>What translators of other formats write where the output projection has no bias although the others have.</summary>
    internal const string OutputBiasKey = "attention_output_bias";

    const int LargestFile = 4 << 20;
    const int MostLayers = 1_024;
    const int MostHeads = 1_024;
    const int LargestHeadDim = 256;
    const int LargestHidden = 1 << 17;
    const int LargestIntermediate = 1 << 20;
    const int LargestVocabulary = 1 << 22;
    const int MostEndIds = 64;

    /// <summary>The first of <c>architectures</c>, such as LlamaForCausalLM.</summary>
    public required string Architecture { get; init; }

    /// <summary>Whether the query, key and value projections have biases.</summary>
    public bool HasQkvBias { get; init; }

    /// <summary>Whether each head's query and key pass an RMSNorm before their rotation.</summary>
    public bool HasHeadNorms { get; init; }

    /// <summary>Whether attention's output projection has a bias.</summary>
    public bool HasOutputBias { get; init; }

    /// <summary>The sliding window; null: queries of all layers see all before them.</summary>
    public WindowConfig? Window { get; init; }

    /// <summary>Whether this is the text decoder of a Llava model, whose images are not seen.</summary>
    public bool IsWrapped { get; init; }

    /// <summary>The mixture of experts; null: every layer has one feed-forward block.</summary>
    public ExpertConfig? Experts { get; init; }

    /// <summary>num_hidden_layers.</summary>
    public required int Layers { get; init; }

    /// <summary>hidden_size: width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>intermediate_size: width of the feed-forward block.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>num_attention_heads: query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>num_key_value_heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>head_dim: a multiple of 8 from 8 to 256.</summary>
    public required int HeadDim { get; init; }

    /// <summary>vocab_size: rows of the embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>max_position_embeddings: the trained length in tokens.</summary>
    public required int MaxPositionEmbeddings { get; init; }

    /// <summary>rms_norm_eps.</summary>
    public required double RmsNormEpsilon { get; init; }

    /// <summary>The rotary position embedding.</summary>
    public required RopeParameters Rope { get; init; }

    /// <summary>Whether the output matrix is the embedding itself.</summary>
    public required bool TieWordEmbeddings { get; init; }

    /// <summary>bos_token_id, or null.</summary>
    public required int? BosId { get; init; }

    /// <summary>eos_token_id of config.json and of <see cref="GenerationFileName"/>: none, one or several.</summary>
    public required ImmutableArray<int> EosIds { get; init; }

    /// <summary>dtype, formerly torch_dtype: the weights' type by the file's word; null when it is silent.</summary>
    public required string? DType { get; init; }

    /// <summary>dual_chunk_attention_config, or null.</summary>
    public required DualChunkConfig? DualChunk { get; init; }

    /// <summary>
    /// The block of <see cref="LongFileName"/>, which a publisher puts beside a config.json that has none: it holds where Dual Chunk
    /// Attention is asked for or the text is longer than the trained length. null: there is no such file, or the config has its own block.
    /// </summary>
    public DualChunkConfig? LongDualChunk { get; init; }

    /// <summary>quantization_config, or null.</summary>
    public QuantizationConfig? Quantization { get; init; }

    /// <summary>Whether a layer has experts in place of one feed-forward block.</summary>
    /// <param name="layer">From 0.</param>
    public bool HasExperts(int layer) => Experts is { } experts && experts.IsIn(layer);

    /// <summary>Query width in elements: heads · head_dim.</summary>
    public int QueryWidth => Heads * HeadDim;

    /// <summary>Key (and value) width in elements: key-value heads · head_dim.</summary>
    public int KeyValueWidth => KeyValueHeads * HeadDim;

    /// <summary>Reads config.json of a source; throws <see cref="ModelFormatException"/>.</summary>
    public static ModelConfig Open(ModelSource source)
    {
        ModelConfig config = WithEndsOfGeneration(source, Open(source, FileName));
        if (config.DualChunk is not null || !source.Has(LongFileName))
            return config;
        ModelConfig longer = Open(source, LongFileName);
        if (!longer.HasShapeOf(config))
            throw new ModelFormatException(source.NameOf(LongFileName),
                $"describes another model than {FileName}: layers, sizes or architecture differ. Fix: use the {LongFileName} that came with the weights.");
        return longer.DualChunk is null ? config : config with { LongDualChunk = longer.DualChunk };
    }

    static ModelConfig WithEndsOfGeneration(ModelSource source, ModelConfig config)
    {
        if (!source.Has(GenerationFileName))
            return config;
        using FileBytes file = source.Open(GenerationFileName);
        using JsonDocument document = StrictJson.Parse(file.Name, file.ToArray(LargestFile));
        ConfigObject generation = new(file.Name, document.RootElement,
            names: new ConfigNames(new Dictionary<string, string>(), $"correct {GenerationFileName}, or take it away"));
        int[] ends = StrictJson.Guard(file.Name, () => generation.Integers("eos_token_id", MostEndIds, 0, config.VocabularySize - 1));
        return config with { EosIds = [.. config.EosIds.Union(ends)] };
    }

    static ModelConfig Open(ModelSource source, string name)
    {
        using FileBytes file = source.Open(name);
        return Parse(file.Name, file.ToArray(LargestFile));
    }

    /// <summary>Reads the bytes of a config.json; throws <see cref="ModelFormatException"/>.</summary>
    /// <param name="file">How messages call the file.</param>
    /// <param name="json">UTF-8.</param>
    public static ModelConfig Parse(string file, byte[] json) => Parse(file, json, null);

    /// <summary>Reads what was translated into a config.json; throws <see cref="ModelFormatException"/>.</summary>
    internal static ModelConfig Parse(string file, byte[] json, ConfigNames? names)
    {
        using JsonDocument document = StrictJson.Parse(file, json);
        return StrictJson.Guard(file, () =>
        {
            if (names is not null || !LlavaConfig.Is(document.RootElement))
                return Read(new ConfigObject(file, document.RootElement, names: names));
            (byte[] text, ConfigNames textNames) = LlavaConfig.Flatten(file, document.RootElement);
            return Parse(file, text, textNames) with { Architecture = LlavaConfig.ClassName, IsWrapped = true };
        });
    }

    /// <summary>Whether the other config is of weights with the same shapes.</summary>
    bool HasShapeOf(ModelConfig other) =>
        (Architecture, Layers, HiddenSize, IntermediateSize, Heads, KeyValueHeads, HeadDim, VocabularySize)
            == (other.Architecture, other.Layers, other.HiddenSize, other.IntermediateSize, other.Heads, other.KeyValueHeads, other.HeadDim, other.VocabularySize)
        && (Experts?.Count, Experts?.PerToken, Experts?.IntermediateSize) == (other.Experts?.Count, other.Experts?.PerToken, other.Experts?.IntermediateSize);

    static ModelConfig Read(ConfigObject config)
    {
        Architecture architecture = Loader.Architecture.Read(config);
        RefuseUnsupported(config);
        bool isBiased = config.Flag("attention_bias", false);
        if (isBiased && !architecture.HasBiasKey)
            throw config.Fault("attention_bias", $"is true, which {architecture.Name} does not know, expected false");
        int hidden = config.Integer("hidden_size", 1, LargestHidden);
        int heads = config.Integer("num_attention_heads", 1, MostHeads);
        int keyValueHeads = config.Integer("num_key_value_heads", 1, MostHeads, heads);
        if (heads % keyValueHeads != 0)
            throw config.Fault("num_key_value_heads",
                $"is {keyValueHeads}, expected a divisor of num_attention_heads {heads}");
        int vocabulary = config.Integer("vocab_size", 1, LargestVocabulary), layers = config.Integer("num_hidden_layers", 1, MostLayers);
        return new ModelConfig
        {
            Architecture = architecture.Name,
            HasQkvBias = architecture.HasQkvBias || isBiased,
            // A GGUF file of a Llama model may have the first three alone.
            HasOutputBias = isBiased && config.Flag(OutputBiasKey, true),
            HasHeadNorms = architecture.HasHeadNorms,
            Window = WindowConfig.Read(config, architecture.Window, layers),
            Experts = architecture.HasExperts ? ExpertConfig.Read(config, layers, hidden) : null,
            Layers = layers,
            HiddenSize = hidden,
            IntermediateSize = config.Integer("intermediate_size", 1, LargestIntermediate),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDim = ReadHeadDim(config, hidden, heads),
            VocabularySize = vocabulary,
            MaxPositionEmbeddings = config.Integer("max_position_embeddings", 1, MostTokens),
            RmsNormEpsilon = config.Number("rms_norm_eps", 1e-12, 0.1, 1e-6),
            Rope = RopeParameters.Read(config),
            TieWordEmbeddings = config.Flag("tie_word_embeddings", false),
            BosId = config.Has("bos_token_id") ? config.Integer("bos_token_id", 0, vocabulary - 1) : null,
            EosIds = [.. config.Integers("eos_token_id", MostEndIds, 0, vocabulary - 1)],
            DType = config.Text("dtype") ?? config.Text("torch_dtype"),
            DualChunk = config.Object("dual_chunk_attention_config") is { } block ? DualChunkConfig.Read(block) : null,
            Quantization = config.Object("quantization_config") is { } packed ? QuantizationConfig.Read(packed) : null,
        };
    }

    /// <summary>Settings that would change the result if they were passed over.</summary>
    static void RefuseUnsupported(ConfigObject config)
    {
        if (config.Flag("mlp_bias", false))
            throw config.Fault("mlp_bias", "is true, but feed-forward blocks with bias are not supported, expected false");
        if (config.Text("hidden_act") is { } activation and not "silu")
            throw config.Fault("hidden_act", $"is {ModelFormatException.Quote(activation)}, expected 'silu'");
        if (config.Has("partial_rotary_factor") && config.Number("partial_rotary_factor", 0, 1) is not 1)
            throw config.Fault("partial_rotary_factor", "is not 1, but only full rotation is supported");
    }

    static int ReadHeadDim(ConfigObject config, int hidden, int heads)
    {
        bool given = config.Has("head_dim");
        if (!given && hidden % heads != 0)
            throw config.Fault("num_attention_heads",
                $"is {heads}, expected a divisor of hidden_size {hidden}, or head_dim");
        int headDim = given ? config.Integer("head_dim", 8, LargestHeadDim) : hidden / heads;
        if (headDim is < 8 or > LargestHeadDim || headDim % 8 != 0)
            throw config.Fault("head_dim", given ? $"is {headDim}, expected a multiple of 8 from 8 to {LargestHeadDim}"
                : $"is missing and hidden_size / num_attention_heads is {headDim}, expected a multiple of 8 from 8 to "
                    + $"{LargestHeadDim}");
        return headDim;
    }
}
