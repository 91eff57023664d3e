using ILGPU.Runtime;

namespace IlgpuDca.Model.Weights;

/// <summary>One decoder layer's weights on the device; products that read the same input lie together.</summary>
/// <param name="InputNorm">[hidden] float32.</param>
/// <param name="Qkv">[(heads + 2 kvHeads) · headSize, hidden]: query, key, value.</param>
/// <param name="AttentionOutput">[hidden, heads · headSize].</param>
/// <param name="PostAttentionNorm">[hidden] float32.</param>
/// <param name="GateUp">null where there are experts, as the next. [2 · intermediate, hidden]: gate and up, as <see cref="IlgpuDca.Kernels.MatMul.Epilogues.GateUpOrder"/> says.</param>
/// <param name="Down">[hidden, intermediate].</param>
sealed record DeviceLayer<T>(
    MemoryBuffer1D<float, ILGPU.Stride1D.Dense> InputNorm,
    DeviceMatrix<T> Qkv,
    DeviceMatrix<T> AttentionOutput,
    MemoryBuffer1D<float, ILGPU.Stride1D.Dense> PostAttentionNorm,
    DeviceMatrix<T>? GateUp,
    DeviceMatrix<T>? Down)
    where T : unmanaged
{
    /// <summary>[(heads + 2 kvHeads) · headSize] float32; null where there are no biases.</summary>
    public MemoryBuffer1D<float, ILGPU.Stride1D.Dense>? QkvBias { get; init; }

    /// <summary>[hidden] float32; null where there is none.</summary>
    public MemoryBuffer1D<float, ILGPU.Stride1D.Dense>? OutputBias { get; init; }

    /// <summary>null where the layer has one feed-forward block.</summary>
    public DeviceExperts<T>? Experts { get; init; }

    /// <summary>[2, headSize] float32: gains of query and key; null where they are not normed.</summary>
    public MemoryBuffer1D<float, ILGPU.Stride1D.Dense>? HeadNorms { get; init; }
}
