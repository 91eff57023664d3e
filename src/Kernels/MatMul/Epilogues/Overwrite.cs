using ILGPU;

namespace IlgpuDca.Kernels.MatMul.Epilogues;

/// <summary>c = sum, in float32.</summary>
public readonly struct Overwrite : IEpilogue<float>
{
    public static bool Pairs => false;

    public static void Write(ArrayView<float> c, long index, float sum, float up) => c[index] = sum;
}
