using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Model.Weights;

/// <summary>One decoder layer's experts on the device, the router in the mode's type.</summary>
/// <param name="Router">[experts, hidden].</param>
/// <param name="GateUp">[experts, 2 · intermediate, hidden]: gate and up interleaved, as <see cref="IlgpuDca.Kernels.MatMul.Epilogues.GateUpOrder"/> says.</param>
/// <param name="Down">[experts, hidden, intermediate].</param>
sealed record DeviceExperts<T>(
    MemoryBuffer1D<T, Stride1D.Dense> Router, DeviceMatrix<T> GateUp, DeviceMatrix<T> Down)
    where T : unmanaged;
