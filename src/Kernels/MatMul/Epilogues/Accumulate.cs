using ILGPU;

namespace IlgpuDca.Kernels.MatMul.Epilogues;

/// <summary>c += sum, in float32: the product is added to the residual stream.</summary>
public readonly struct Accumulate : IEpilogue<float>
{
    public static bool Pairs => false;

    public static void Write(ArrayView<float> c, long index, float sum, float up) => c[index] += sum;

    public static void WriteTwo(ArrayView<float> c, long pair, float first, float second, float firstUp, float secondUp)
    {
        Float32x2 before = c.Cast<Float32x2>()[pair];
        c.Cast<Float32x2>()[pair] = new Float32x2(before.A + first, before.B + second);
    }
}
