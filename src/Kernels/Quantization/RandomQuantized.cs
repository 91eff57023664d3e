using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Sampling;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Fills a quantised matrix with random codes of a mean of about zero, for measuring speed: even over all codes, with one scale that
/// gives the weights a wanted deviation. Codes of 2^bits values have a deviation of 2^bits / sqrt(12), 8-bit floats one of some 100.
/// </summary>
public sealed class RandomQuantized(Accelerator accelerator)
{
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<ulong>, ulong> _codes = accelerator.LoadKernel<ArrayView<ulong>, ulong>(Codes);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<Half>, float, float, int> _scales =
        accelerator.LoadKernel<ArrayView<Half>, float, float, int>(Scales);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, float> _floatScales = accelerator.LoadKernel<ArrayView<float>, float>(FloatScales);

    /// <param name="stream">Where the kernels are queued.</param>
    /// <param name="matrix">What to fill.</param>
    /// <param name="seed">Another seed, other codes.</param>
    /// <param name="deviation">The weights' standard deviation.</param>
    public void Run(AcceleratorStream stream, QuantizedMatrix matrix, ulong seed, float deviation)
    {
        matrix.Layout.Check();
        int codes = 1 << matrix.Layout.Bits;
        float scale = deviation * MathF.Sqrt(12) / codes, middle = matrix.Layout.Bits == 4 ? 8f : 0f;
        _codes(stream, Config(matrix.Codes.Length * 2), matrix.Codes.Cast<ulong>(), seed);
        if (matrix.Layout.IsFloat8)
            _floatScales(stream, Config(matrix.Scales.Length / 2), matrix.Scales.Cast<float>(), deviation / 100);
        else
            _scales(stream, Config(matrix.Scales.Length), matrix.Scales, scale, -middle * scale, matrix.Layout.HasOffset ? 1 : 0);
    }

    static KernelConfig Config(long threads) => new((int)((threads + GroupSize - 1) / GroupSize), GroupSize);

    static void Codes(ArrayView<ulong> codes, ulong seed)
    {
        long i = (long)Grid.IdxX * GroupSize + Group.IdxX;
        if (i < codes.Length)
            codes[i] = Philox.Next(seed, (ulong)i);
    }

    static void FloatScales(ArrayView<float> scales, float scale)
    {
        long i = (long)Grid.IdxX * GroupSize + Group.IdxX;
        if (i < scales.Length)
            scales[i] = scale;
    }

    static void Scales(ArrayView<Half> scales, float scale, float offset, int hasOffset)
    {
        long i = (long)Grid.IdxX * GroupSize + Group.IdxX;
        if (i < scales.Length)
            scales[i] = (Half)(hasOffset != 0 && (i & 1) != 0 ? offset : scale);
    }
}
