using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;
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
            WeightPart.GateUp => GateUp<T>(of),
            WeightPart.Down => uploader.Upload<T>(of.Down),
            WeightPart.FinalNorm => uploader.Upload<T>(tensors.FinalNorm),
            _ => uploader.Upload<T>(tensors.Output),
        };
    }

    MemoryBuffer1D<T, Stride1D.Dense> GateUp<T>(LlamaLayerTensors layer)
        where T : unmanaged
    {
        int intermediate = (int)layer.Gate.Info.Shape[0];
        return GateUpOrder.IsInterleaved(intermediate)
            ? uploader.UploadInterleaved<T>(layer.Gate, layer.Up, layer.Gate.Info.Elements / intermediate * GateUpOrder.Block)
            : uploader.Upload<T>(layer.Gate, layer.Up);
    }

    public void Complete() => uploader.Complete();

    public void Abort() => uploader.Abort();
}
