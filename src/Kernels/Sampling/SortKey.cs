using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuDca.Kernels.Sampling;

/// <summary>Logits as unsigned integers of the same order, in kernels.</summary>
static class SortKey
{
    /// <summary>A float's bits, ordered as unsigned integers are; NaN lowest.</summary>
    public static uint Of(float value)
    {
        uint bits = Interop.FloatAsInt(value);
        if (XMath.IsNaN(value))
            return 0;
        return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
    }

    /// <summary>The float of a key that is not NaN's.</summary>
    public static float Value(uint key) => Interop.IntAsFloat((key & 0x80000000u) != 0 ? key & 0x7FFFFFFFu : ~key);
}
