using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>
/// Memory of <see cref="PartialSums"/>, allocated with the first product that is cut into parts. Launches that share it
/// follow each other on a stream.
/// </summary>
sealed class PartialBuffers(Accelerator accelerator)
{
    MemoryBuffer1D<Float32x4, Stride1D.Dense>? _sums;
    MemoryBuffer1D<int, Stride1D.Dense>? _counters;

    int Rows => WeightsFirstPlan.PartialRows(accelerator.NumMultiprocessors);

    /// <summary>What is allocated.</summary>
    public static long Bytes(Accelerator accelerator) => WeightsFirstPlan.PartialRows(accelerator.NumMultiprocessors)
        * (WeightsFirstKernel<WideEpilogue>.TileColumns + 1L) * sizeof(float);

    /// <summary>Memory for the parts of a product.</summary>
    public PartialSums For(AcceleratorStream stream, WeightsFirstSizes sizes, WeightsFirstPlan plan)
    {
        if (sizes.Parts == 1)
            return default;
        if (!WeightsFirstPlan.HasRoom(plan.TileRows, sizes.Items, accelerator.NumMultiprocessors))
            throw new ArgumentException($"{sizes.Items} parts of tiles of {plan.TileRows} rows; there is room for "
                + $"{Rows} rows in tiles of up to {WeightsFirstKernel<WideEpilogue>.MostPartRows}.");
        if (_sums is null)
        {
            _sums = accelerator.Allocate1D<Float32x4>((long)Rows * WeightsFirstKernel<WideEpilogue>.TileColumns / 4);
            _counters = accelerator.Allocate1D<int>(Rows);
            _counters.View.MemSetToZero(stream);
        }
        return new PartialSums(_sums.View, _counters!.View);
    }
}
