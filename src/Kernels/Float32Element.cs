using ILGPU;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels;

/// <summary>float32 in memory.</summary>
public readonly struct Float32Element : IElement<float>
{
    public float Load(float stored) => stored;

    public float Store(float value) => value;

    public void StoreTwo(ArrayView<float> target, long pair, float first, float second) =>
        target.Cast<Float32x2>()[pair] = new Float32x2(first, second);
}
