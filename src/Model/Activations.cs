using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Moe;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;

namespace IlgpuDca.Model;

/// <summary>Sizes that the work buffers and the memory plan share.</summary>
static class Activations
{
    /// <summary>Rows of logits that exist at once when a text is scored.</summary>
    public const int LogitRows = 256;

    /// <summary>Floats of a token that wait for a separate activation of gate and up; 0 where the product does it.</summary>
    public static long GateUpElements(ModelConfig config) => GateUpOrder.IsInterleaved(config.IntermediateSize) || !HasBlocks(config) ? 0 : 2L * config.IntermediateSize;

    /// <summary>Elements of a token between gate, up and down: of a block, or of all its experts.</summary>
    public static long GatedElements(ModelConfig config) =>
        Math.Max(HasBlocks(config) ? config.IntermediateSize : 0, config.Experts is { } experts ? (long)experts.PerToken * experts.IntermediateSize : 0);

    /// <summary>Elements that the experts of some tokens put out, before they are added up; 0 where they are so few that it happens at once.</summary>
    public static long ExpertOutputElements(ModelConfig config, long rows) =>
        rows <= MatMulVector.MaxRows ? 0 : rows * config.Experts!.PerToken * config.HiddenSize;

    /// <summary>The sizes of a layer's experts, as kernels take them.</summary>
    public static ExpertShape ShapeOf(ExpertConfig experts, int hidden) => new(experts.Count, experts.PerToken, hidden, experts.IntermediateSize);

    /// <summary>What quantised matrices are unpacked into.</summary>
    /// <param name="config">The model.</param>
    /// <param name="largest">Weights of the largest quantised matrix of a layer, its experts being one; 0: none
    /// is.</param>
    /// <param name="output">Weights of a quantised output matrix; 0: it is plain.</param>
    public static UnpackingRoom UnpackingRoom(ModelConfig config, long largest, long output) =>
        Kernels.Quantization.UnpackingRoom.For(largest, output, config.HiddenSize, LogitRows);

    /// <summary>Whether some layer has one feed-forward block.</summary>
    static bool HasBlocks(ModelConfig config) => !Enumerable.Range(0, config.Layers).All(config.HasExperts);

    /// <summary>Floats of scratch memory for decoding.</summary>
    public static long PartialElements(ModelConfig config) => DecodingScratch.PartialElements(config.Heads, config.HeadDim);
}
