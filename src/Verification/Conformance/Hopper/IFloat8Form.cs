using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>Where a product's left operand of E4M3 is.</summary>
interface IFloat8Form
{
    static abstract void Multiply(ArrayView<float> c, ArrayView<uint> words, SharedMatrix a, SharedMatrix b, int accumulate);
}

readonly struct Float8FromShared : IFloat8Form
{
    public static void Multiply(ArrayView<float> c, ArrayView<uint> words, SharedMatrix a, SharedMatrix b, int accumulate) =>
        Wgmma.MultiplyAddFloat8(c, a, b, accumulate);
}

readonly struct Float8FromRegisters : IFloat8Form
{
    public static void Multiply(ArrayView<float> c, ArrayView<uint> words, SharedMatrix a, SharedMatrix b, int accumulate) =>
        Wgmma.MultiplyAddFloat8Registers(c, words, b, accumulate);
}
