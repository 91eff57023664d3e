using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;

namespace IlgpuDca.Model;

/// <summary>Sizes that the work buffers and the memory plan share.</summary>
static class Activations
{
    /// <summary>Rows of logits that exist at once when a text is scored.</summary>
    public const int LogitRows = 256;

    /// <summary>Floats of a token that wait for a separate activation of gate and up; 0 where the product does it.</summary>
    public static long GateUpElements(ModelConfig config) => GateUpOrder.IsInterleaved(config.IntermediateSize) ? 0 : 2L * config.IntermediateSize;

    /// <summary>Bytes of the work buffers for each token of a slice.</summary>
    /// <param name="config">The model's sizes.</param>
    /// <param name="element">Bytes of an element of the storage type.</param>
    /// <param name="variants">Rotations of a query.</param>
    public static long RowBytes(ModelConfig config, int element, int variants)
    {
        long stored = config.HiddenSize + config.QueryWidth + 2L * config.KeyValueWidth + config.QueryWidth * (variants + 1L) + config.IntermediateSize;
        long floats = config.HiddenSize + GateUpElements(config);
        const int TargetAndLoss = 2 * sizeof(int);
        return stored * element + floats * sizeof(float) + TargetAndLoss;
    }

    /// <summary>Bytes of what a text needs besides: its ids, and scratch for decoding and sampling.</summary>
    public static long TextBytes(ModelConfig config, int tokens) =>
        (tokens + 1L) * sizeof(int) + PartialElements(config) * sizeof(float) + config.Heads * sizeof(int) + SamplerState.WordCount * sizeof(ulong) + 2 * sizeof(int);

    /// <summary>Floats of scratch memory for decoding.</summary>
    public static long PartialElements(ModelConfig config) => DecodingScratch.PartialElements(config.Heads, config.HeadDim);
}
