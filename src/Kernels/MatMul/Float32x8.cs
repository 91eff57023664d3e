namespace IlgpuDca.Kernels.MatMul;

/// <summary>Eight float32, 32 bytes: beside eight codes of a quantised cache.</summary>
public readonly struct Float32x8(Float32x4 low, Float32x4 high) : IPack<Float32x8>
{
    public readonly Float32x4 Low = low, High = high;

    public int Count => 8;

    public float Dot(Float32x8 a, Float32x8 b, float sum) => default(Float32x4).Dot(a.High, b.High, default(Float32x4).Dot(a.Low, b.Low, sum));

    public float Element(int index) => index < 4 ? Low.Element(index) : High.Element(index - 4);
}
