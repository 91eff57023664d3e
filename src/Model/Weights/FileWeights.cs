using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>Weights from a model's files.</summary>
sealed class FileWeights(WeightUploader uploader, LlamaTensors tensors) : IWeightLoader
{
    public MemoryBuffer1D<T, Stride1D.Dense> Load<T>(WeightPart part, int layer)
        where T : unmanaged
    {
        LlamaLayerTensors of = tensors.Layers[layer];
        return part switch
        {
            WeightPart.Embedding => uploader.Upload<T>(tensors.Embedding),
            WeightPart.InputNorm => uploader.Upload<T>(of.InputNorm),
            WeightPart.Qkv => uploader.Upload<T>(of.Query, of.Key, of.Value),
            WeightPart.AttentionOutput => uploader.Upload<T>(of.Output),
            WeightPart.PostAttentionNorm => uploader.Upload<T>(of.PostAttentionNorm),
            WeightPart.GateUp => uploader.Upload<T>(of.Gate, of.Up),
            WeightPart.Down => uploader.Upload<T>(of.Down),
            WeightPart.FinalNorm => uploader.Upload<T>(tensors.FinalNorm),
            _ => uploader.Upload<T>(tensors.Output),
        };
    }

    public void Complete() => uploader.Complete();

    public void Abort() => uploader.Abort();
}
