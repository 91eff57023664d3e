using ILGPU;

namespace IlgpuDca.Kernels.MatMul.Epilogues;

/// <summary>c += sum, in float32: the product is added to the residual stream.</summary>
public readonly struct Accumulate : IEpilogue<float>
{
    public static bool Pairs => false;

    public static void Write(ArrayView<float> c, long index, float sum, float up) => c[index] += sum;
}
