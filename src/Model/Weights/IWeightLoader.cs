using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Model.Weights;

/// <summary>Brings a model's weights onto a device, buffer by buffer.</summary>
interface IWeightLoader
{
    /// <summary>A buffer for a part; its contents may arrive until <see cref="Complete"/> returns.</summary>
    /// <param name="part">What it holds.</param>
    /// <param name="layer">From 0; 0 for what belongs to no layer.</param>
    MemoryBuffer1D<T, Stride1D.Dense> Load<T>(WeightPart part, int layer)
        where T : unmanaged;

    /// <summary>A matrix; its contents may arrive until <see cref="Complete"/> returns.</summary>
    /// <param name="part">Which.</param>
    /// <param name="layer">From 0; 0 for what belongs to no layer.</param>
    DeviceMatrix<T> LoadMatrix<T>(WeightPart part, int layer)
        where T : unmanaged;

    /// <summary>Waits until all buffers are filled.</summary>
    void Complete();

    /// <summary>Gives up: after it nothing is written into any buffer, so that they can be freed.</summary>
    void Abort();
}
