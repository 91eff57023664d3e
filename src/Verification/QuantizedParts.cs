using System.Collections.Immutable;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>A random quantised matrix in parts on a device, and the bfloat16 weights that they unpack to.</summary>
sealed class QuantizedParts : IDisposable
{
    readonly List<IDisposable> _owned = [];

    public QuantizedParts(Accelerator accelerator, Inputs inputs, (QuantizedLayout Layout, int Rows)[] parts, int inner)
    {
        Unpacked = Own(new GuardedBuffer<BFloat16>(accelerator, parts.Sum(part => (long)part.Rows * inner))).View;
        Unpack<BFloat16, BFloat16Element> unpack = new(accelerator);
        long first = 0;
        foreach ((QuantizedLayout layout, int rows) in parts)
        {
            QuantizedData data = new(inputs, layout, rows, inner);
            ArrayView<CodePack> codes = Own(new GuardedBuffer<CodePack>(accelerator, data.Codes)).View;
            ArrayView<Half> scales = Own(new GuardedBuffer<Half>(accelerator, data.Scales)).View;
            QuantizedMatrix part = new(codes, scales, layout);
            unpack.Run(accelerator.DefaultStream, part, Unpacked.SubView(first, part.Weights));
            first += part.Weights;
            Parts = Parts.Add(part);
        }
    }

    public ImmutableArray<QuantizedMatrix> Parts { get; private set; } = [];

    public ArrayView<BFloat16> Unpacked { get; }

    public void Dispose() => _owned.ForEach(one => one.Dispose());

    GuardedBuffer<T> Own<T>(GuardedBuffer<T> buffer)
        where T : unmanaged
    {
        _owned.Add(buffer);
        return buffer;
    }
}
