using ILGPU;

namespace IlgpuDca.Kernels;

/// <summary>bfloat16 in memory.</summary>
public readonly struct BFloat16Element : IElement<BFloat16>
{
    public float Load(BFloat16 stored) => stored.ToFloat();

    public BFloat16 Store(float value) => BFloat16.FromFloat(value);

    public void StoreTwo(ArrayView<BFloat16> target, long pair, float first, float second) =>
        target.Cast<uint>()[pair] = BFloat16Pair.Pack(first, second);
}
