using ILGPU;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Model;

/// <summary>Where a slice of tokens stands in its text, and how it attends.</summary>
/// <param name="Start">The first token's place.</param>
/// <param name="Tokens">Tokens of the slice.</param>
/// <param name="Geometry">Plain or Dual Chunk.</param>
/// <param name="RopeTable">[positions, headSize].</param>
/// <param name="Scale">What scores are multiplied by: temperature / sqrt(head size).</param>
readonly record struct SliceContext(int Start, int Tokens, DcaGeometry Geometry, ArrayView<float> RopeTable, float Scale);
