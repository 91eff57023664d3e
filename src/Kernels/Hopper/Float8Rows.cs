using ILGPU;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>Activations [rows, inner] as 8-bit floats: what <see cref="RowsToFloat8"/> makes.</summary>
/// <param name="Codes">[rows, inner] E4M3.</param>
/// <param name="Scales">[inner / 128, pitch]: of each row's 128 neighbours.</param>
/// <param name="Pitch">Scales from one 128 to the next: the rows, rounded up to what the copy engine takes.</param>
readonly record struct Float8Rows(ArrayView<byte> Codes, ArrayView<float> Scales, int Pitch);
