using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>A model's weights on the device.</summary>
sealed class DeviceWeights<T> : IDisposable
    where T : unmanaged
{
    readonly List<IDisposable> _owned = [];

    /// <summary>Loads all of them; where that fails, nothing is left on the device.</summary>
    public DeviceWeights(IWeightLoader loader, ModelConfig config)
    {
        try
        {
            Embedding = Own(loader.LoadMatrix<T>(WeightPart.Embedding, 0));
            List<DeviceLayer<T>> layers = [];
            for (int layer = 0; layer < config.Layers; layer++)
                layers.Add(new DeviceLayer<T>(
                    Own(loader.Load<float>(WeightPart.InputNorm, layer)),
                    Own(loader.LoadMatrix<T>(WeightPart.Qkv, layer)),
                    Own(loader.LoadMatrix<T>(WeightPart.AttentionOutput, layer)),
                    Own(loader.Load<float>(WeightPart.PostAttentionNorm, layer)),
                    config.HasExperts(layer) ? null : Own(loader.LoadMatrix<T>(WeightPart.GateUp, layer)),
                    config.HasExperts(layer) ? null : Own(loader.LoadMatrix<T>(WeightPart.Down, layer)))
                {
                    QkvBias = config.HasQkvBias ? Own(loader.Load<float>(WeightPart.QkvBias, layer)) : null,
                    Experts = !config.HasExperts(layer) ? null : new DeviceExperts<T>(
                        Own(loader.Load<T>(WeightPart.Router, layer)),
                        Own(loader.LoadMatrix<T>(WeightPart.ExpertGateUp, layer)),
                        Own(loader.LoadMatrix<T>(WeightPart.ExpertDown, layer))),
                    OutputBias = config.HasOutputBias ? Own(loader.Load<float>(WeightPart.OutputBias, layer)) : null,
                    HeadNorms = config.HasHeadNorms ? Own(loader.Load<float>(WeightPart.HeadNorms, layer)) : null,
                });
            Layers = layers;
            FinalNorm = Own(loader.Load<float>(WeightPart.FinalNorm, 0));
            Output = config.TieWordEmbeddings ? Embedding : Own(loader.LoadMatrix<T>(WeightPart.Output, 0));
            loader.Complete();
        }
        catch
        {
            loader.Abort();
            Dispose();
            throw;
        }
    }

    /// <summary>[vocabulary, hidden].</summary>
    public DeviceMatrix<T> Embedding { get; }

    public IReadOnlyList<DeviceLayer<T>> Layers { get; }

    /// <summary>[hidden] float32.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> FinalNorm { get; }

    /// <summary>[vocabulary, hidden]; the embedding itself where they are tied.</summary>
    public DeviceMatrix<T> Output { get; }

    public void Dispose()
    {
        foreach (IDisposable buffer in _owned)
            buffer.Dispose();
    }

    TOwned Own<TOwned>(TOwned resource)
        where TOwned : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }
}
