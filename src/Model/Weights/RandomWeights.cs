using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>
/// Weights of a config's sizes that the device draws itself: matrices with a deviation of 0.02, norms 1. What a model of that
/// shape costs can be measured with them, without its files.
/// </summary>
sealed class RandomWeights(Accelerator accelerator, AcceleratorStream stream, ModelConfig config, IProgress<LoadProgress>? progress,
    long totalBytes, WeightStorage storage, CancellationToken cancellation) : IWeightLoader
{
    const float Deviation = 0.02f;

    readonly RandomNormal<float, Float32Element> _float32 = new(accelerator);
    readonly RandomNormal<BFloat16, BFloat16Element> _bFloat16 = new(accelerator);
    readonly RandomQuantized _quantized = new(accelerator);
    ulong _seed = 1;
    long _done;

    public MemoryBuffer1D<T, Stride1D.Dense> Load<T>(WeightPart part, int layer)
        where T : unmanaged
    {
        cancellation.ThrowIfCancellationRequested();
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(part.Elements(config));
        try
        {
            (float mean, float deviation) = part.IsNorm() ? (1f, 0f) : (0f, Deviation);
            if (typeof(T) == typeof(float))
                _float32.Run(stream, buffer.View.BaseView.Cast<float>(), _seed++, mean, deviation);
            else
                _bFloat16.Run(stream, buffer.View.BaseView.Cast<BFloat16>(), _seed++, mean, deviation);
            _done += buffer.LengthInBytes;
            progress?.Report(new LoadProgress(_done, totalBytes));
            return buffer;
        }
        catch
        {
            stream.Synchronize();
            buffer.Dispose();
            throw;
        }
    }

    public DeviceMatrix<T> LoadMatrix<T>(WeightPart part, int layer)
        where T : unmanaged
    {
        ImmutableArray<StoredPart> stored = storage.Of(part, layer);
        if (stored.IsEmpty)
            return DeviceMatrix<T>.Plain(Load<T>(part, layer));
        cancellation.ThrowIfCancellationRequested();
        DeviceMatrix<T> matrix = DeviceMatrix<T>.Quantized(accelerator, stored);
        try
        {
            foreach (QuantizedMatrix quantized in matrix.View.Parts)
                _quantized.Run(stream, quantized, _seed++, Deviation);
            foreach (StoredPart one in stored)
                _done += one.CodeBytes + one.ScaleBytes;
            progress?.Report(new LoadProgress(_done, totalBytes));
            return matrix;
        }
        catch
        {
            stream.Synchronize();
            matrix.Dispose();
            throw;
        }
    }

    public void Complete() => stream.Synchronize();

    public void Abort() => stream.Synchronize();
}
