using ILGPU;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Four float32, 16 bytes.</summary>
public readonly struct Float32x4(float a, float b, float c, float d) : IPack<Float32x4>, ICachePack<Float32x4>
{
    public readonly float A = a, B = b, C = c, D = d;

    public int Count => 4;

    public bool IsScaled => false;

    public float Dot(Float32x4 a, Float32x4 b, float sum) =>
        a.D * b.D + (a.C * b.C + (a.B * b.B + (a.A * b.A + sum)));

    public float Element(int index) => index == 0 ? A : index == 1 ? B : index == 2 ? C : D;

    public float Scale(float low, float high) => 1f;

    public void Store(ArrayView<Float32x4> packs, long element, Float32x4 values) => packs[element >> 2] = values;

    public static Float32x4 operator +(Float32x4 x, Float32x4 y) => new(x.A + y.A, x.B + y.B, x.C + y.C, x.D + y.D);

    public static Float32x4 operator -(Float32x4 x, Float32x4 y) => new(x.A - y.A, x.B - y.B, x.C - y.C, x.D - y.D);

    /// <summary>Element by element.</summary>
    public static Float32x4 operator *(Float32x4 x, Float32x4 y) => new(x.A * y.A, x.B * y.B, x.C * y.C, x.D * y.D);

    public static Float32x4 operator *(Float32x4 x, float factor) => new(x.A * factor, x.B * factor, x.C * factor, x.D * factor);
}
