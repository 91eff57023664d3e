using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Sampling;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Fills a quantised matrix with random codes, for measuring speed: even over all codes, with scales that give the
/// weights a wanted deviation and a mean of zero, by offsets or by signs. Were the mean that of the codes, -1/2, it
/// would add up over a row, and all tokens would soon be alike and choose the same experts.
/// </summary>
/// <remarks>Codes of 2^bits values have a deviation of 2^bits / sqrt(12), 8-bit floats one of 107.</remarks>
public sealed class RandomQuantized(Accelerator accelerator)
{
    const int GroupSize = 256;

    /// <summary>The root of the codes' mean square.</summary>
    const float Float8Deviation = 107.2443f;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<ulong>, ulong> _codes =
        accelerator.LoadKernel<ArrayView<ulong>, ulong>(Codes);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<ulong>, ulong> _floatCodes =
        accelerator.LoadKernel<ArrayView<ulong>, ulong>(FloatCodes);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<Half>, float, ulong> _scales =
        accelerator.LoadKernel<ArrayView<Half>, float, ulong>(Scales);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<Half>, float, float> _offsetScales =
        accelerator.LoadKernel<ArrayView<Half>, float, float>(OffsetScales);

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, float> _floatScales =
        accelerator.LoadKernel<ArrayView<float>, float>(FloatScales);

    /// <param name="stream">Where the kernels are queued.</param>
    /// <param name="matrix">What to fill.</param>
    /// <param name="seed">Another seed, other codes.</param>
    /// <param name="deviation">The weights' standard deviation.</param>
    public void Run(AcceleratorStream stream, QuantizedMatrix matrix, ulong seed, float deviation)
    {
        matrix.Layout.Check();
        int bits = matrix.Layout.Bits;
        float scale = deviation * MathF.Sqrt(12) / (1 << bits), mean = bits == 4 ? 7.5f : -0.5f;
        (matrix.Layout.IsFloat8 ? _floatCodes : _codes)(
            stream, Config(matrix.Codes.Length * 2), matrix.Codes.Cast<ulong>(), seed);
        if (matrix.Layout.IsFloat8)
            _floatScales(stream, Config(matrix.Scales.Length / 2), matrix.Scales.Cast<float>(),
                deviation / Float8Deviation);
        else if (matrix.Layout.HasOffset)
            _offsetScales(stream, Config(matrix.Scales.Length), matrix.Scales, scale, -mean * scale);
        else
            _scales(stream, Config(matrix.Scales.Length), matrix.Scales, scale, seed);
    }

    static KernelConfig Config(long threads) => new((int)((threads + GroupSize - 1) / GroupSize), GroupSize);

    static void Codes(ArrayView<ulong> codes, ulong seed)
    {
        long i = (long)Grid.IdxX * GroupSize + Group.IdxX;
        if (i < codes.Length)
            codes[i] = Philox.Next(seed, (ulong)i);
    }

    /// <summary>Of the two codes of NaN, all ones but the sign, the lowest bit is taken away.</summary>
    static void FloatCodes(ArrayView<ulong> codes, ulong seed)
    {
        long i = (long)Grid.IdxX * GroupSize + Group.IdxX;
        if (i >= codes.Length)
            return;
        ulong drawn = Philox.Next(seed, (ulong)i);
        codes[i] = drawn ^ (((drawn & 0x7F7F7F7F7F7F7F7Ful) + 0x0101010101010101ul) >> 7 & 0x0101010101010101ul);
    }

    static void FloatScales(ArrayView<float> scales, float scale)
    {
        long i = (long)Grid.IdxX * GroupSize + Group.IdxX;
        if (i < scales.Length)
            scales[i] = scale;
    }

    static void OffsetScales(ArrayView<Half> scales, float scale, float offset)
    {
        long i = (long)Grid.IdxX * GroupSize + Group.IdxX;
        if (i < scales.Length)
            scales[i] = (Half)((i & 1) != 0 ? offset : scale);
    }

    /// <summary>Signs by numbers that codes don't use: theirs count up from zero.</summary>
    static void Scales(ArrayView<Half> scales, float scale, ulong seed)
    {
        long i = (long)Grid.IdxX * GroupSize + Group.IdxX;
        if (i < scales.Length)
            scales[i] = (Half)((Philox.Next(seed, ~(ulong)i) & 1) != 0 ? -scale : scale);
    }
}
