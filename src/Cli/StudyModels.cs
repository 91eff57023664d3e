using IlgpuDca.Evaluation.Study;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Benchmarks.Speed;

namespace IlgpuDca.Cli;

/// <summary>Loads the models of a study, one at a time.</summary>
/// <param name="options">How they are run.</param>
sealed class StudyModels(EngineOptions options) : IStudyModels, IDisposable
{
    ComputeDevice? _device;
    Engine? _engine;

    public Engine Open(string model, CancellationToken cancellation)
    {
        _engine?.Dispose();
        _engine = null;
        _device ??= ComputeDevice.Open(options.Device);
        return _engine = model.StartsWith(StudyFile.ShapePrefix, StringComparison.Ordinal)
            ? Engine.Random(_device, ModelShapes.Find(model[StudyFile.ShapePrefix.Length..]), options, null, cancellation)
            : Load(_device, LoadedModel.Source(model == StudyFile.TinyModel ? null : model), cancellation);
    }

    public void Dispose()
    {
        _engine?.Dispose();
        _device?.Dispose();
    }

    Engine Load(ComputeDevice device, ModelSource source, CancellationToken cancellation)
    {
        using LlamaFiles files = LlamaFiles.Open(source);
        return Engine.Load(device, files, LoadedModel.Tokenizer(source, files, null), options, null, cancellation);
    }
}
