using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>Where a product's operands are.</summary>
interface IProductForm
{
    /// <summary>Whether b's rows lie in memory one after the other, not its columns.</summary>
    static abstract bool Transposed { get; }

    static abstract void Multiply(ArrayView<float> c, ArrayView<uint> words, SharedMatrix a, SharedMatrix b, int accumulate);
}

readonly struct FromShared : IProductForm
{
    public static bool Transposed => false;

    public static void Multiply(ArrayView<float> c, ArrayView<uint> words, SharedMatrix a, SharedMatrix b, int accumulate) =>
        Wgmma.MultiplyAdd(c, a, b, accumulate);
}

readonly struct FromSharedTransposed : IProductForm
{
    public static bool Transposed => true;

    public static void Multiply(ArrayView<float> c, ArrayView<uint> words, SharedMatrix a, SharedMatrix b, int accumulate) =>
        Wgmma.MultiplyAddTransposed(c, a, b, accumulate);
}

readonly struct FromRegisters : IProductForm
{
    public static bool Transposed => false;

    public static void Multiply(ArrayView<float> c, ArrayView<uint> words, SharedMatrix a, SharedMatrix b, int accumulate) =>
        Wgmma.MultiplyAddRegisters(c, words, b, accumulate);
}

readonly struct FromRegistersTransposed : IProductForm
{
    public static bool Transposed => true;

    public static void Multiply(ArrayView<float> c, ArrayView<uint> words, SharedMatrix a, SharedMatrix b, int accumulate) =>
        Wgmma.MultiplyAddRegistersTransposed(c, words, b, accumulate);
}
