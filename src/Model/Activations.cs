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

    /// <summary>Floats of scratch memory for decoding.</summary>
    public static long PartialElements(ModelConfig config) => DecodingScratch.PartialElements(config.Heads, config.HeadDim);
}
