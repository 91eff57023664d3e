using ILGPU.Algorithms;

namespace IlgpuDca.Kernels;

/// <summary>The gated activation silu(gate) · up with silu(z) = z / (1 + e^-z), in kernels.</summary>
static class Silu
{
    /// <summary>With a division that is rounded correctly.</summary>
    public static float Gated(float gate, float up) => gate / (1f + XMath.Exp(-gate)) * up;

    /// <summary>For epilogues of tensor cores' products: the reciprocal within an ulp.</summary>
    public static float Gate(float gate, float up) => gate * XMath.Rcp(1f + XMath.Exp(-gate)) * up;
}
