using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Model.Tests;

/// <summary>The built-in model on the CPU in float32, loaded once for all tests of a class.</summary>
public sealed class TinyModel : IDisposable
{
    public TinyModel()
    {
        Device = ComputeDevice.Open(DevicePreference.Cpu);
        Engine = Load(Device, Repository.TinyModel, slice: null);
    }

    public ComputeDevice Device { get; }

    public Engine Engine { get; }

    public ITokenizer Tokenizer => Engine.Tokenizer!;

    public static Engine Load(ComputeDevice device, string folder, int? slice, ComputeMode mode = ComputeMode.Float32, CacheType cache = CacheType.Plain)
    {
        ModelSource source = ModelSource.FromFolder(folder);
        using LlamaFiles files = LlamaFiles.Open(source);
        ITokenizer? tokenizer = source.Has(SentencePieceTokenizer.FileName)
            ? files.OpenTokenizer(source)
            : null;
        return Engine.Load(device, files, tokenizer, new EngineOptions { Mode = mode, SliceTokens = slice, Cache = cache });
    }

    public AttentionPlan Plan(AttentionMode mode, int tokens) =>
        AttentionPlan.Decide(Engine.Config, new AttentionOptions { Mode = mode }, tokens);

    public void Dispose()
    {
        Engine.Dispose();
        Device.Dispose();
    }
}
