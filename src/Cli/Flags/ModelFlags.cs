using System.CommandLine;
using IlgpuDca.Evaluation;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Cli.Flags;

/// <summary>Which model, on which device, with which attention.</summary>
/// <param name="standardContext">What the context is where --ctx-size is absent.</param>
sealed class ModelFlags(string standardContext = "what the text needs")
{
    public Option<string?> Model { get; } = Flag.Text("--model", "A folder with config.json and safetensors, a .gguf file, or a llama2.c .bin file; without it the built-in tiny model.", "PATH", "-m");

    public Option<string?> Tokenizer { get; } = Flag.Text("--tokenizer", "A tokenizer.model, tokenizer.json, tokenizer.bin or .gguf, instead of the model's own.", "FILE");

    public Option<string?> Device { get; } = Flag.Word("--device", "Where to run; auto takes a GPU where a usable one is. Default: auto.", "auto", "cuda", "cpu");

    public Option<string?> DType { get; } = Flag.Word("--dtype", "What weights and cache are stored as. Default: bf16 on a GPU, float32 on the CPU.", "float32", "bf16");

    public Option<string?> Weights { get; } = Flag.Word("--weights",
        "What quantised weights become on the device: quantized, as the file has them (FP8 files that say so have products' inputs rounded to FP8 too), or expanded to --dtype. Default: quantized on a GPU, expanded on the CPU.",
        "auto", "quantized", "expanded");

    public Option<string?> CacheType { get; } = Flag.Word("--cache-type",
        "What keys and values are cached as; the quantised ones with a scale for each token and head. auto: as --dtype says. Default: auto.", "auto", "bf16", "fp8", "int8", "int4");

    public Option<int?> ContextSize { get; } = Flag.Integer("--ctx-size",
        $"Tokens of the context; 0: the trained length. Default: {standardContext}.", 0, int.MaxValue / 2, "-c");

    public Option<string?> Attention { get; } = Flag.Word("--attention",
        "auto takes dca where the config has its block or the text is longer than the trained length. Default: auto.", "auto", "dense", "dca");

    public Option<int?> Chunk { get; } = Flag.Integer("--dca-chunk", "s: tokens of a chunk.", 1, int.MaxValue / 2);

    public Option<int?> MaxPosition { get; } = Flag.Integer("--dca-max-position", "Largest position of a query, s - 1 to 2s - 1.", 0, int.MaxValue / 2);

    public Option<int?> ChunkSize { get; } = Flag.Integer("--dca-chunk-size", "chunk_size as configs have it.", 1, int.MaxValue / 2);

    public Option<int?> LocalSize { get; } = Flag.Integer("--dca-local-size", "local_size as configs have it: s = chunk_size - local_size.", 0, int.MaxValue / 2);

    public Option<string?> Temperature { get; } = Flag.Word("--dca-temperature", "How the softmax is sharpened past the trained length. Default: auto.", "auto", "none", "qwen", "chunkllama05", "chunkllama10");

    public Option<string?> RopeScaling { get; } = Flag.Word("--rope-scaling", "How rotary frequencies are scaled. Default: as the config says.",
        "none", "linear", "ntk", "dynamic", "yarn", "llama3");

    public Option<float?> RopeScale { get; } = Flag.Number("--rope-scale", "Factor of --rope-scaling: how many times longer than trained.", 1, 10_000);

    public Option<float?> RopeBase { get; } = Flag.Number("--rope-freq-base", "rope_theta. Default: the config's.", 1, 1e12f);

    public Option<string?> Method { get; } = Flag.Text("--method",
        $"A way to read long texts, instead of the --attention, --dca-… and --rope-… flags: {string.Join(", ", Methods.All.Select(method => method.Name))}; with changes after colons, as in dca:s=256:pmax=384.",
        "NAME[,NAME]");

    /// <summary>Adds the flags that say which model runs where.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Model, Tokenizer, Device, DType, Weights, CacheType])
            command.Add(option);
    }

    /// <summary>Adds the flags that say how it attends.</summary>
    public void AddAttentionTo(Command command)
    {
        foreach (Option option in (Option[])[ContextSize, Method, .. OfAttention])
            command.Add(option);
    }

    public DevicePreference DeviceOf(ParseResult parsed) => parsed.GetValue(Device) switch
    {
        "cuda" => DevicePreference.Cuda,
        "cpu" => DevicePreference.Cpu,
        _ => DevicePreference.Auto,
    };

    public ComputeMode? ModeOf(ParseResult parsed) => parsed.GetValue(DType) switch
    {
        "float32" => ComputeMode.Float32,
        "bf16" => ComputeMode.BFloat16,
        _ => null,
    };

    public WeightMode WeightsOf(ParseResult parsed) => parsed.GetValue(Weights) switch
    {
        "quantized" => WeightMode.Quantized,
        "expanded" => WeightMode.Expanded,
        _ => WeightMode.Auto,
    };

    /// <summary>The methods that were asked for; empty where the attention flags or the config decide.</summary>
    /// <exception cref="UsageException">An unknown method, or attention flags beside them.</exception>
    public IReadOnlyList<Method> MethodsOf(ParseResult parsed)
    {
        if (parsed.GetValue(Method) is not { } names)
            return [];
        if (OfAttention.FirstOrDefault(option => parsed.GetResult(option) is not null) is { } other)
            throw new UsageException($"--method says all of the attention, and so does {other.Name}: leave one of them out; a method takes changes after colons, as in dca:s=256:pmax=384.");
        Method[] methods = [.. names.Split(',').Select(Evaluation.Method.Parse)];
        return methods.GroupBy(method => method.ToString()).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UsageException($"--method has {twice.Key} twice: leave one out.")
            : methods;
    }

    /// <summary>The attention of a text, by the one method that was asked for or by the attention flags.</summary>
    /// <param name="parsed">The flags.</param>
    /// <param name="config">The model's.</param>
    /// <param name="finalTokens">The text's final length.</param>
    /// <exception cref="UsageException">Several methods, or flags that contradict each other.</exception>
    public AttentionPlan PlanOf(ParseResult parsed, ModelConfig config, int finalTokens) => MethodsOf(parsed) switch
    {
        [] => AttentionPlan.Decide(config, AttentionOf(parsed), finalTokens),
        [Method one] => one.Plan(config, finalTokens),
        { Count: var count } => throw new UsageException($"--method has {count} names, and this command takes one. Fix: give one, or run it once for each."),
    };

    Option[] OfAttention => [Attention, Chunk, MaxPosition, ChunkSize, LocalSize, Temperature, RopeScaling, RopeScale, RopeBase];

    /// <summary>The cache's type.</summary>
    /// <exception cref="UsageException">bf16 beside float32.</exception>
    public CacheType CacheOf(ParseResult parsed)
    {
        string? word = parsed.GetValue(CacheType);
        if (word == "bf16" && ModeOf(parsed) == ComputeMode.Float32)
            throw new UsageException("--cache-type bf16 beside --dtype float32: there the cache is float32 or quantised; leave --cache-type out, or use fp8, int8 or int4.");
        return word switch
        {
            "fp8" => Kernels.Attention.Cache.CacheType.Fp8,
            "int8" => Kernels.Attention.Cache.CacheType.Int8,
            "int4" => Kernels.Attention.Cache.CacheType.Int4,
            _ => Kernels.Attention.Cache.CacheType.Plain,
        };
    }

    AttentionOptions AttentionOf(ParseResult parsed) => new()
    {
        Mode = parsed.GetValue(Attention) switch
        {
            "dense" => AttentionMode.Dense,
            "dca" => AttentionMode.Dca,
            _ => AttentionMode.Auto,
        },
        ChunkLength = parsed.GetValue(Chunk),
        MaxPosition = parsed.GetValue(MaxPosition),
        ChunkSize = parsed.GetValue(ChunkSize),
        LocalSize = parsed.GetValue(LocalSize),
        RopeKind = parsed.GetValue(RopeScaling) switch
        {
            "none" => RopeKind.Default,
            "linear" => RopeKind.Linear,
            "ntk" => RopeKind.Ntk,
            "dynamic" => RopeKind.Dynamic,
            "yarn" => RopeKind.Yarn,
            "llama3" => RopeKind.Llama3,
            _ => null,
        },
        RopeFactor = parsed.GetValue(RopeScale),
        RopeBase = parsed.GetValue(RopeBase),
        Temperature = parsed.GetValue(Temperature) switch
        {
            "none" => TemperatureMode.None,
            "qwen" => TemperatureMode.Qwen,
            "chunkllama05" => TemperatureMode.ChunkLlama05,
            "chunkllama10" => TemperatureMode.ChunkLlama10,
            _ => TemperatureMode.Auto,
        },
    };
}
