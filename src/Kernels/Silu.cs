using ILGPU.Algorithms;

namespace IlgpuDca.Kernels;

/// <summary>The gate of SwiGLU for epilogues of products.</summary>
static class Silu
{
    /// <summary>silu(gate) · up with silu(z) = z / (1 + e^-z); the reciprocal within an ulp.</summary>
    public static float Gate(float gate, float up) => gate * XMath.Rcp(1f + XMath.Exp(-gate)) * up;
}
