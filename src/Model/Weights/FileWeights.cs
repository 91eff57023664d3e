using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>Weights from a model's files.</summary>
sealed class FileWeights(Accelerator accelerator, WeightUploader uploader, LlamaTensors tensors, WeightStorage storage) : IWeightLoader
{
    /// <summary>The tensors that a buffer holds, in their order.</summary>
    public static WeightTensor[] Tensors(LlamaTensors tensors, WeightPart part, int layer)
    {
        LlamaLayerTensors of = tensors.Layers[layer];
        return part switch
        {
            WeightPart.Embedding => [tensors.Embedding],
            WeightPart.InputNorm => [of.InputNorm],
            WeightPart.Qkv => [of.Query, of.Key, of.Value],
            WeightPart.QkvBias => of.QkvBias,
            WeightPart.OutputBias => of.OutputBias,
            WeightPart.HeadNorms => of.HeadNorms,
            WeightPart.AttentionOutput => [of.Output],
            WeightPart.PostAttentionNorm => [of.PostAttentionNorm],
            WeightPart.GateUp or WeightPart.ExpertGateUp => [.. of.FeedForward.SelectMany(block => (WeightTensor[])[block.Gate, block.Up])],
            WeightPart.Down or WeightPart.ExpertDown => [.. of.FeedForward.Select(block => block.Down)],
            WeightPart.Router => [of.Router!],
            WeightPart.FinalNorm => [tensors.FinalNorm],
            _ => [tensors.Output],
        };
    }

    public MemoryBuffer1D<T, Stride1D.Dense> Load<T>(WeightPart part, int layer)
        where T : unmanaged
    {
        WeightTensor[] parts = Tensors(tensors, part, layer);
        return IsInTurns(part, parts) ? uploader.UploadInterleaved<T>(Turn(parts[0]), parts) : uploader.Upload<T>(parts);
    }

    public DeviceMatrix<T> LoadMatrix<T>(WeightPart part, int layer)
        where T : unmanaged
    {
        ImmutableArray<StoredPart> stored = storage.Of(part, layer);
        if (stored.IsEmpty)
            return DeviceMatrix<T>.Plain(Load<T>(part, layer));
        WeightTensor[] parts = Tensors(tensors, part, layer);
        DeviceMatrix<T> matrix = DeviceMatrix<T>.Quantized(accelerator, stored);
        if (part == WeightPart.ExpertDown)
            uploader.UploadQuantized(matrix.View.Whole, parts, parts[0].Info.Elements);
        else if (IsInTurns(part, parts))
            UploadPairs(matrix.View.Whole, parts);
        else
            for (int k = 0; k < stored.Length; k++)
                uploader.UploadQuantized(matrix.View.Parts[k], [parts[k]], parts[k].Info.Elements);
        return matrix;
    }

    public void Complete() => uploader.Complete();

    public void Abort() => uploader.Abort();

    /// <summary>Gate and up of a layer, or of every expert, one pair after the other.</summary>
    void UploadPairs(QuantizedMatrix matrix, WeightTensor[] parts)
    {
        int rows = 2 * (int)parts[0].Info.Shape[0], inner = (int)parts[0].Info.Shape[1];
        for (int k = 0; k < parts.Length; k += 2)
            uploader.UploadQuantized(matrix.Rows(k / 2 * rows, rows, inner), [parts[k], parts[k + 1]], Turn(parts[k]));
    }

    static bool IsInTurns(WeightPart part, WeightTensor[] parts) =>
        part.IsGateUp() && GateUpOrder.IsInterleaved((int)parts[0].Info.Shape[0]);

    /// <summary>Elements of the rows of a turn.</summary>
    static long Turn(WeightTensor tensor) => tensor.Info.Shape[1] * GateUpOrder.Block;
}
