namespace IlgpuDca.Kernels.MatMul;

/// <summary>Two neighbouring float32, 8 bytes.</summary>
readonly struct Float32x2(float a, float b)
{
    public readonly float A = a, B = b;
}
