using System.CommandLine;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Cli;

/// <summary>A model on its device, ready for texts.</summary>
sealed class LoadedModel : IDisposable
{
    LoadedModel(ComputeDevice device, Engine engine, string name) => (Device, Engine, Name) = (device, engine, name);

    public ComputeDevice Device { get; }

    public Engine Engine { get; }

    /// <summary>The folder, or how the built-in model is called.</summary>
    public string Name { get; }

    /// <summary>Loads what the flags say and tells on stderr where it runs.</summary>
    public static LoadedModel Load(ModelFlags flags, ParseResult parsed, CancellationToken cancellation) =>
        Load(flags, parsed, new EngineOptions { Device = flags.DeviceOf(parsed), Mode = flags.ModeOf(parsed), Weights = flags.WeightsOf(parsed), Cache = flags.CacheOf(parsed) }, cancellation);

    /// <summary>Makes a model of a config's sizes with random weights and tells on stderr where it runs.</summary>
    public static LoadedModel Random(string name, ModelConfig config, EngineOptions options, CancellationToken cancellation) =>
        Load(name, options, (device, progress) => Engine.Random(device, config, options, progress, cancellation));

    /// <summary>Loads what the flags say, with options of the command's own.</summary>
    public static LoadedModel Load(ModelFlags flags, ParseResult parsed, EngineOptions options, CancellationToken cancellation)
    {
        ModelSource source = Source(parsed.GetValue(flags.Model));
        using LlamaFiles files = LlamaFiles.Open(source);
        ITokenizer? tokenizer = Tokenizer(source, files, parsed.GetValue(flags.Tokenizer));
        return Load(source.Name, options, (device, progress) => Engine.Load(device, files, tokenizer, options, progress, cancellation));
    }

    static LoadedModel Load(string name, EngineOptions options, Func<ComputeDevice, IProgress<LoadProgress>, Engine> load)
    {
        ComputeDevice device = ComputeDevice.Open(options.Device);
        try
        {
            Engine engine = ProgressBar.Run("loading", progress =>
                load(device, new MappedProgress<LoadProgress>(progress, done => (double)done.Done / done.Total)));
            Messages.Line($"{name} as {ModeName(engine.Mode)}{(engine.Cache == CacheType.Plain ? "" : $", cache {CacheName(engine.Cache, engine.Mode)}")} on {device.Description}");
            return new LoadedModel(device, engine, name);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>As --cache-type calls it; a plain one as --dtype does.</summary>
    public static string CacheName(CacheType type, ComputeMode mode) => type == CacheType.Plain ? ModeName(mode) : type.ToString().ToLowerInvariant();

    /// <summary>A folder, a GGUF or llama2.c file, or the built-in model.</summary>
    public static ModelSource Source(string? path) => path is null
        ? ModelSource.FromResources("the built-in tiny model", typeof(LoadedModel).Assembly, "tiny/")
        : ModelSource.FromPath(path);

    /// <summary>The tokenizer that was asked for, or the model's own where it has one.</summary>
    public static ITokenizer? Tokenizer(ModelSource source, LlamaFiles files, string? path)
    {
        ITokenizer? tokenizer = files.OpenTokenizer(source, path);
#if ILGPU_PACKAGE
        if (tokenizer is SentencePieceTokenizer pieces && (path ?? SentencePieceTokenizer.FileName).EndsWith(".model", StringComparison.Ordinal))
        {
            using FileBytes model = path is null ? source.Open(SentencePieceTokenizer.FileName) : FileBytes.Map(path);
            return new LlamaTokenizerAdapter(new MemoryStream(model.ToArray(int.MaxValue)), pieces);
        }
#endif
        return tokenizer;
    }

    public static string ModeName(ComputeMode mode) => mode == ComputeMode.Float32 ? "float32" : "bf16";

    /// <summary>The tokenizer; a text can't be read without one.</summary>
    public ITokenizer RequireTokenizer() => RequireTokenizer(Engine.Tokenizer, Name);

    /// <summary>The tokenizer; a text can't be read without one.</summary>
    public static ITokenizer RequireTokenizer(ITokenizer? tokenizer, string model) => tokenizer
        ?? throw new ModelFormatException(model, "has no tokenizer (tokenizer.model, tokenizer.json, or in the GGUF file). Fix: give one with --tokenizer.");

    /// <summary>Ids of a text, with the id that begins texts where there is one.</summary>
    public int[] Encode(string text)
    {
        ITokenizer tokenizer = RequireTokenizer();
        int[] ids = tokenizer.Encode(text, addBos: tokenizer.AddsBos);
        return ids.Length > 0 ? ids : throw new UsageException("the text is empty and this tokenizer has no bos piece: give a text.");
    }

    /// <summary>Decides the attention for a text and tells on stderr.</summary>
    public AttentionPlan Decide(ModelFlags flags, ParseResult parsed, int finalTokens)
    {
        AttentionPlan plan = flags.PlanOf(parsed, Engine.Config, finalTokens);
        foreach (string note in plan.Notes)
            Messages.Line(note);
        Messages.Line($"attention: {plan.Description}");
        return plan;
    }

    /// <summary>Refuses texts that --ctx-size or the memory has no room for, before the first of them is run.</summary>
    /// <param name="flags">The command's.</param>
    /// <param name="parsed">What was given.</param>
    /// <param name="lengths">Tokens of each text.</param>
    /// <exception cref="ContextExceededException">One has no room.</exception>
    public void RequireRoom(ModelFlags flags, ParseResult parsed, IEnumerable<int> lengths)
    {
        foreach (int length in lengths)
        {
            if (parsed.GetValue(flags.ContextSize) is > 0 and var context && length > context)
                throw new ContextExceededException($"a text of {length} tokens is above --ctx-size {context}: raise it, or shorten the text.");
            Engine.RequireRoom(flags.PlanOf(parsed, Engine.Config, length), length);
        }
    }

    public void Dispose()
    {
        Engine.Dispose();
        Device.Dispose();
    }
}
