using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Model.Weights;

/// <summary>A weight matrix on the device, with its buffers.</summary>
sealed class DeviceMatrix<T> : IDisposable
    where T : unmanaged
{
    readonly ImmutableArray<IDisposable> _owned;

    DeviceMatrix(WeightMatrix<T> view, ImmutableArray<IDisposable> owned) => (View, _owned) = (view, owned);

    /// <summary>What kernels read.</summary>
    public WeightMatrix<T> View { get; }

    /// <summary>A plain matrix, which owns the buffer.</summary>
    public static DeviceMatrix<T> Plain(MemoryBuffer1D<T, Stride1D.Dense> buffer) => new(new WeightMatrix<T>(buffer.View.BaseView), [buffer]);

    /// <summary>A quantised matrix with buffers for its parts, to be filled.</summary>
    public static DeviceMatrix<T> Quantized(Accelerator accelerator, ImmutableArray<StoredPart> parts)
    {
        List<IDisposable> owned = [];
        try
        {
            List<QuantizedMatrix> matrices = [];
            foreach (StoredPart part in parts)
            {
                MemoryBuffer1D<CodePack, Stride1D.Dense> codes = accelerator.Allocate1D<CodePack>(part.Weights / part.Layout.PackWeights);
                owned.Add(codes);
                MemoryBuffer1D<Half, Stride1D.Dense> scales = accelerator.Allocate1D<Half>(part.Layout.ScaleCount(part.Weights));
                owned.Add(scales);
                matrices.Add(new QuantizedMatrix(codes.View.BaseView, scales.View.BaseView, part.Layout));
            }
            WeightMatrix<T> view = new(ArrayView<T>.Empty, [.. matrices]);
            if (parts[0].InputOrder is { } inputs)
            {
                MemoryBuffer1D<int, Stride1D.Dense> order = accelerator.Allocate1D(inputs);
                owned.Add(order);
                view = view with { InputOrder = order.View.BaseView };
            }
            return new DeviceMatrix<T>(view, [.. owned]);
        }
        catch
        {
            foreach (IDisposable buffer in owned)
                buffer.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in _owned)
            buffer.Dispose();
    }
}
