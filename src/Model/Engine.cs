using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Model;

/// <summary>A loaded model on a device: config, tokenizer, weights. Texts are begun on it.</summary>
public sealed class Engine : IDisposable
{
    readonly Transformer _transformer;

    Engine(ComputeDevice device, ModelConfig config, ITokenizer? tokenizer, Transformer transformer, ComputeMode mode, int slice, DeviceMemory memory,
        WeightStorage storage, CacheType cache)
    {
        (Device, Config, Tokenizer, _transformer) = (device, config, tokenizer, transformer);
        (Mode, SliceTokens, Memory, Storage, Cache) = (mode, slice, memory, storage, cache);
    }

    public ComputeDevice Device { get; }

    public ModelConfig Config { get; }

    /// <summary>null where the model has none and none was given: then only ids can be used.</summary>
    public ITokenizer? Tokenizer { get; }

    public ComputeMode Mode { get; }

    /// <summary>Tokens that are carried through the layers at once.</summary>
    public int SliceTokens { get; }

    /// <summary>What the device had before the weights were loaded.</summary>
    public DeviceMemory Memory { get; }

    /// <summary>How the matrices are stored.</summary>
    public WeightStorage Storage { get; }

    /// <summary>What keys and values are cached as.</summary>
    public CacheType Cache { get; }

    /// <summary>How the matrices of a model's files would be stored.</summary>
    public static WeightStorage StorageOf(LlamaFiles files, ComputeDevice device, WeightMode mode) =>
        mode == WeightMode.Quantized || mode == WeightMode.Auto && device.IsCuda ? WeightStorage.OfFiles(files.Tensors, files.Config) : WeightStorage.Plain;

    /// <summary>Loads a model. The device belongs to the caller.</summary>
    /// <param name="device">Where.</param>
    /// <param name="files">What: checked already. May be disposed afterwards.</param>
    /// <param name="tokenizer">Its tokenizer, or null.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told of every few megabytes.</param>
    /// <param name="cancellation">Looked at between them.</param>
    /// <exception cref="ContextExceededException">The weights alone don't fit.</exception>
    public static Engine Load(ComputeDevice device, LlamaFiles files, ITokenizer? tokenizer, EngineOptions options, IProgress<LoadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        WeightStorage storage = StorageOf(files, device, options.Weights);
        (ComputeMode mode, int slice, DeviceMemory memory) = Prepare(device, files.Config, options, storage);
        using WeightUploader uploader = new(device.Accelerator, MemoryPlan.WeightBytes(files.Config, mode, storage), progress, cancellation, options.LoadThreads);
        FileWeights weights = new(device.Accelerator, uploader, files.Tensors, storage);
        UnpackingRoom room = BufferSizes.Room(files.Config, mode, storage, memory.Unpacks);
        Transformer transformer =
            Transformer.Load(device.Accelerator, device.Stream, files.Config, weights, mode, room, options.Cache);
        return new Engine(device, files.Config, tokenizer, transformer, mode, slice, memory, storage, options.Cache);
    }

    /// <summary>A model of a config's sizes with weights that the device draws at random: for measuring speed. It has no tokenizer.</summary>
    /// <param name="device">Where.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told of every buffer.</param>
    /// <param name="cancellation">Looked at between them.</param>
    /// <exception cref="ContextExceededException">The weights alone don't fit.</exception>
    public static Engine Random(ComputeDevice device, ModelConfig config, EngineOptions options, IProgress<LoadProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        WeightStorage storage = options.RandomLayout is { } layout ? WeightStorage.Uniform(layout, config) : WeightStorage.Plain;
        (ComputeMode mode, int slice, DeviceMemory memory) = Prepare(device, config, options, storage);
        RandomWeights weights = new(device.Accelerator, device.Stream, config, progress, MemoryPlan.WeightBytes(config, mode, storage), storage, cancellation);
        UnpackingRoom room = BufferSizes.Room(config, mode, storage, memory.Unpacks);
        Transformer transformer =
            Transformer.Load(device.Accelerator, device.Stream, config, weights, mode, room, options.Cache);
        return new Engine(device, config, null, transformer, mode, slice, memory, storage, options.Cache);
    }

    /// <summary>What a text of some tokens would take.</summary>
    public MemoryPlan Plan(int tokens, DcaGeometry geometry) => MemoryPlan.For(Config, Mode, tokens, SliceTokens, geometry, Memory, Storage, Cache);

    /// <summary>Begins a text.</summary>
    /// <param name="plan">Its attention.</param>
    /// <param name="capacity">Most tokens it will have.</param>
    /// <exception cref="ContextExceededException">It doesn't fit; nothing was allocated.</exception>
    public TextSession Begin(AttentionPlan plan, int capacity)
    {
        RequireRoom(plan, capacity);
        return _transformer.Begin(plan, capacity, SliceTokens);
    }

    /// <summary>Refuses a text that doesn't fit; to be asked before long work that would end with it.</summary>
    /// <param name="plan">Its attention.</param>
    /// <param name="capacity">Most tokens it will have.</param>
    /// <exception cref="ContextExceededException">It doesn't fit.</exception>
    public void RequireRoom(AttentionPlan plan, int capacity)
    {
        MemoryPlan memory = Plan(capacity, plan.Geometry);
        if (!memory.Fits)
            throw new ContextExceededException($"{capacity} tokens need {Bytes(memory.Weights)} of weights, {Bytes(memory.Cache)} of cache and {Bytes(memory.Work)} of work buffers, "
                + $"{Bytes(memory.Total)} together; {Device.Name} has {Bytes(memory.Available)}. "
                + $"{MemoryPlan.LongestText(Config, Mode, SliceTokens, plan.Geometry, Memory, Storage, Cache)} tokens fit: set --ctx-size to that or less"
                + (Mode == ComputeMode.Float32 ? ", or use --dtype bf16." : "."));
    }

    /// <summary>Tokens of a slice where nothing else was asked for.</summary>
    public static int StandardSlice(ComputeDevice device) => device.IsCuda ? 8192 : 512;

    public void Dispose() => _transformer.Dispose();

    /// <summary>Decides what the options leave open, and refuses weights that don't fit.</summary>
    static (ComputeMode Mode, int Slice, DeviceMemory Memory) Prepare(ComputeDevice device, ModelConfig config, EngineOptions options, WeightStorage storage)
    {
        ComputeMode mode = options.Mode ?? (device.IsCuda ? ComputeMode.BFloat16 : ComputeMode.Float32);
        DeviceMemory memory = device.Memory;
        long weights = memory.Rule.Sum(BufferSizes.Weights(config, mode, storage, memory.Unpacks));
        if (weights > memory.Available)
            throw new ContextExceededException($"the weights take {Bytes(weights)} as {mode}, and {device.Name} has {Bytes(memory.Available)} free: "
                + (mode == ComputeMode.Float32 ? "use --dtype bf16, or another device." : "use another device."));
        return (mode, options.SliceTokens ?? StandardSlice(device), memory);
    }

    /// <summary>Bytes for people: "13.5 GB", in powers of 1000.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => $"{bytes / 1e9:0.0} GB",
        >= 1_000_000 => $"{bytes / 1e6:0.0} MB",
        _ => $"{bytes / 1e3:0.0} kB",
    };
}
