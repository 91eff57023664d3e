using ILGPU;
using IlgpuDca.Kernels.Moe;

namespace IlgpuDca.Model;

/// <summary>Work buffers of layers with experts, for slices of some rows.</summary>
/// <param name="Scratch">Where tokens go.</param>
/// <param name="Outputs">[rows, perToken, hidden]; empty where rows are so few that experts add to the residual stream at once.</param>
sealed record ExpertBuffers<T>(ExpertScratch Scratch, ArrayView<T> Outputs)
    where T : unmanaged;
