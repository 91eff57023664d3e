using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Cli.Commands;

/// <summary>What a model folder holds and what it would take to run it; no weights are loaded.</summary>
sealed class InspectCommand : ICommand
{
    readonly ModelFlags _model = new("the trained length");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("inspect", "Config, tensors and memory plan of a model.");
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        ModelSource source = LoadedModel.Source(parsed.GetValue(_model.Model));
        using LlamaFiles files = LlamaFiles.Open(source);
        using ComputeDevice device = ComputeDevice.Open(_model.DeviceOf(parsed));
        ModelConfig config = files.Config;
        EngineOptions options = new() { Mode = _model.ModeOf(parsed) };
        ComputeMode mode = options.Mode ?? (device.IsCuda ? ComputeMode.BFloat16 : ComputeMode.Float32);
        int slice = Engine.StandardSlice(device);
        int context = parsed.GetValue(_model.ContextSize) is > 0 and var given ? given : config.MaxPositionEmbeddings;
        AttentionPlan attention = _model.PlanOf(parsed, config, context);
        WeightStorage storage = Engine.StorageOf(files, device, _model.WeightsOf(parsed));
        CacheType cache = _model.CacheOf(parsed);
        MemoryPlan memory = MemoryPlan.For(config, mode, context, slice, attention.Geometry, device.Memory, storage, cache);
        (CacheType Type, int Tokens)[] longest = [.. Enum.GetValues<CacheType>()
            .Select(type => (type, MemoryPlan.LongestText(config, mode, slice, attention.Geometry, device.Memory, storage, type)))];
        Inspection found = new(source.Name, files, device.Name, mode, cache, context, attention, memory, longest);
        if (device.WhyNoGpu is { } why)
            Messages.Line($"no GPU: {why}");
        if (parsed.GetValue(_json))
            Results.Json(found.Write);
        else
            found.Print();
        return ExitCode.Ok;
    }

    /// <summary>Everything that is shown.</summary>
    sealed record Inspection(string Name, LlamaFiles Files, string Device, ComputeMode Mode, CacheType Cache, int Context, AttentionPlan Attention, MemoryPlan Memory,
        (CacheType Type, int Tokens)[] Longest)
    {
        IOrderedEnumerable<KeyValuePair<string, WeightTensor>> Tensors => Files.Weights.Tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal);

        public void Print()
        {
            ModelConfig config = Files.Config;
            Results.Line($"{Name}: {config.Architecture}, {config.Layers} layers, hidden {config.HiddenSize}, feed-forward {config.IntermediateSize}, "
                + $"{config.Heads} query and {config.KeyValueHeads} key-value heads of {config.HeadDim}, vocabulary {config.VocabularySize}");
            Results.Line(string.Create(CultureInfo.InvariantCulture,
                $"trained on {config.MaxPositionEmbeddings} tokens, RoPE base {config.Rope.Theta}, {(config.TieWordEmbeddings ? "tied" : "own")} output matrix"));
            foreach (string trait in Traits(config))
                Results.Line(trait);
            Results.Line($"attention for {Context} tokens: {Attention.Name}"
                + (Attention.Geometry.IsDense ? "" : $", chunk {Attention.Geometry.ChunkLength}, largest query position {Attention.Geometry.MaxPosition}"));
            foreach (string note in Attention.Notes)
                Results.Line(note);
            Results.Line($"memory for {Context} tokens as {LoadedModel.ModeName(Mode)} on {Device}: weights {Engine.Bytes(Memory.Weights)}, "
                + $"cache {Engine.Bytes(Memory.Cache)}, work {Engine.Bytes(Memory.Work)}, together {Engine.Bytes(Memory.Total)} "
                + $"of {Engine.Bytes(Memory.Available)}");
            Results.Line("tokens that would fit, by --cache-type: " + string.Join(", ", Longest.Select(entry =>
                $"{LoadedModel.CacheName(entry.Type, Mode)} {entry.Tokens} of {Engine.Bytes(PerToken(entry.Type))}")));
            foreach ((string name, WeightTensor tensor) in Tensors)
                Results.Line($"{name}\t{tensor.Info.DType}\t{tensor.Info.ShapeText}");
        }

        /// <summary>Bytes of a token's keys and values in all layers.</summary>
        long PerToken(CacheType type) => (long)Math.Ceiling(Files.Config.Layers
            * type.TokenBytes(new KvLayout(Files.Config.KeyValueHeads, Files.Config.HeadDim), Mode == ComputeMode.Float32 ? sizeof(float) : sizeof(ushort)));

        /// <summary>What sets the model apart from a plain Llama, a line each.</summary>
        static IEnumerable<string> Traits(ModelConfig config)
        {
            if (config.IsWrapped)
                yield return "text decoder of a model that sees images; the part that sees them is left out";
            if (config.HasQkvBias)
                yield return $"biases on query, key and value{(config.HasOutputBias ? " and output" : "")}";
            if (config.HasHeadNorms)
                yield return "each head's query and key are normed";
            if (config.Window is { } window)
                yield return $"sliding window of {window.Tokens} tokens in {Enumerable.Range(0, config.Layers).Count(window.IsIn)} of {config.Layers} layers";
            if (config.Experts is { } experts)
                yield return $"{experts.Count} experts of width {experts.IntermediateSize} in {Enumerable.Range(0, config.Layers).Count(experts.IsIn)} of {config.Layers} layers, "
                    + $"{experts.PerToken} for each token{(experts.Renormalises ? ", weights renormalised" : "")}";
            if (config.Rope.Kind != RopeKind.Default)
                yield return string.Create(CultureInfo.InvariantCulture, $"RoPE scaled: {KindName(config.Rope.Kind)} by {config.Rope.Factor}");
            if (config.LongDualChunk is { } block)
                yield return $"{ModelConfig.LongFileName}: Dual Chunk Attention with chunk {block.ChunkLength}, largest query position {block.MaxQueryPosition}, where --attention dca asks for it or the text is long";
        }

        static string KindName(RopeKind kind) => kind.ToString().ToLowerInvariant();

        public void Write(Utf8JsonWriter json)
        {
            ModelConfig config = Files.Config;
            json.WriteString("model", Name);
            json.WriteStartObject("config");
            json.WriteString("architecture", config.Architecture);
            json.WriteNumber("layers", config.Layers);
            json.WriteNumber("hidden_size", config.HiddenSize);
            json.WriteNumber("intermediate_size", config.IntermediateSize);
            json.WriteNumber("heads", config.Heads);
            json.WriteNumber("key_value_heads", config.KeyValueHeads);
            json.WriteNumber("head_dim", config.HeadDim);
            json.WriteNumber("vocabulary", config.VocabularySize);
            json.WriteNumber("max_position_embeddings", config.MaxPositionEmbeddings);
            json.WriteBoolean("qkv_bias", config.HasQkvBias);
            json.WriteBoolean("output_bias", config.HasOutputBias);
            json.WriteBoolean("head_norms", config.HasHeadNorms);
            json.WriteString("rope_scaling", KindName(config.Rope.Kind));
            json.WriteNumber("rope_factor", config.Rope.Factor);
            if (config.Window is { } window)
                json.WriteNumber("sliding_window", window.Tokens);
            if (config.Experts is { } experts)
            {
                json.WriteNumber("experts", experts.Count);
                json.WriteNumber("experts_per_token", experts.PerToken);
                json.WriteNumber("expert_intermediate_size", experts.IntermediateSize);
            }
            json.WriteEndObject();
            json.WriteString("attention", Attention.Name);
            json.WriteStartObject("memory");
            json.WriteNumber("context", Context);
            json.WriteNumber("weights_bytes", Memory.Weights);
            json.WriteNumber("cache_bytes", Memory.Cache);
            json.WriteNumber("work_bytes", Memory.Work);
            json.WriteNumber("available_bytes", Memory.Available);
            json.WriteString("cache_type", LoadedModel.CacheName(Cache, Mode));
            json.WriteNumber("cache_bytes_per_token", PerToken(Cache));
            json.WriteNumber("longest_context", Longest.First(entry => entry.Type == Cache).Tokens);
            json.WriteStartObject("longest_context_by_cache_type");
            foreach ((CacheType type, int tokens) in Longest)
                json.WriteNumber(LoadedModel.CacheName(type, Mode), tokens);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("tensors");
            foreach ((string name, WeightTensor tensor) in Tensors)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("dtype", tensor.Info.DType.ToString());
                json.WriteString("shape", tensor.Info.ShapeText);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }
}
