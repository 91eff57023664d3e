using ILGPU;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>Whole numbers in and out of float32 by its bits: 2^23 and more have no fraction.</summary>
static class Rounded
{
    /// <summary>2^23 + 2^22.</summary>
    const float Shift = 12582912f;

    /// <summary>The bits of 2^23: with a whole number below 2^23 in the low ones, the sum of the two.</summary>
    const uint Base = 0x4B000000;

    /// <summary>The nearest whole number, ties to even, of a magnitude up to 2^21.</summary>
    public static int ToInt(float value) => (int)(Interop.FloatAsInt(value + Shift) - 0x4B400000u);

    /// <summary>code - bias; the code a constant's byte or less of a word.</summary>
    public static float ToFloat(uint code, int bias) => Interop.IntAsFloat(code | Base) - (8388608f + bias);
}
