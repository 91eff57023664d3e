using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>A model's weights on the device.</summary>
sealed class DeviceWeights<T> : IDisposable
    where T : unmanaged
{
    readonly List<IDisposable> _owned = [];

    public DeviceWeights(WeightUploader uploader, LlamaTensors tensors)
    {
        try
        {
            Embedding = Own(uploader.Upload<T>(tensors.Embedding));
            List<DeviceLayer<T>> layers = [];
            foreach (LlamaLayerTensors layer in tensors.Layers)
                layers.Add(Own(new DeviceLayer<T>(
                    uploader.Upload<float>(layer.InputNorm),
                    uploader.Upload<T>(layer.Query, layer.Key, layer.Value),
                    uploader.Upload<T>(layer.Output),
                    uploader.Upload<float>(layer.PostAttentionNorm),
                    GateUp(uploader, layer),
                    uploader.Upload<T>(layer.Down))));
            Layers = layers;
            FinalNorm = Own(uploader.Upload<float>(tensors.FinalNorm));
            Output = ReferenceEquals(tensors.Output, tensors.Embedding) ? Embedding : Own(uploader.Upload<T>(tensors.Output));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>[vocabulary, hidden].</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Embedding { get; }

    public IReadOnlyList<DeviceLayer<T>> Layers { get; }

    /// <summary>[hidden] float32.</summary>
    public MemoryBuffer1D<float, Stride1D.Dense> FinalNorm { get; }

    /// <summary>[vocabulary, hidden]; the embedding itself where they are tied.</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Output { get; }

    public void Dispose()
    {
        foreach (IDisposable buffer in _owned)
            buffer.Dispose();
    }

    static MemoryBuffer1D<T, Stride1D.Dense> GateUp(WeightUploader uploader, LlamaLayerTensors layer)
    {
        int intermediate = (int)layer.Gate.Info.Shape[0];
        return GateUpOrder.IsInterleaved(intermediate)
            ? uploader.UploadInterleaved<T>(layer.Gate, layer.Up, layer.Gate.Info.Elements / intermediate * GateUpOrder.Block)
            : uploader.Upload<T>(layer.Gate, layer.Up);
    }

    TOwned Own<TOwned>(TOwned resource)
        where TOwned : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }
}
