using ILGPU;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Model;

/// <summary>Where a slice of tokens stands in its text, and how it attends.</summary>
/// <param name="Start">The first token's place.</param>
/// <param name="Position">[1]: the same, read when a kernel runs; empty: Start counts.</param>
/// <param name="Tokens">Tokens of the slice.</param>
/// <param name="Splits">Parts that one token's keys are cut into.</param>
/// <param name="Geometry">Plain or Dual Chunk.</param>
/// <param name="RopeTable">[positions, headSize].</param>
/// <param name="Scale">What scores are multiplied by: temperature / sqrt(head size).</param>
readonly record struct SliceContext(int Start, ArrayView<int> Position, int Tokens, int Splits, DcaGeometry Geometry, ArrayView<float> RopeTable, float Scale);
