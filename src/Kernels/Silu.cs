using ILGPU.Algorithms;

namespace IlgpuDca.Kernels;

/// <summary>The gated activation, in kernels.</summary>
static class Silu
{
    /// <summary>silu(gate) · up, silu(z) = z / (1 + e^-z).</summary>
    public static float Gated(float gate, float up) => gate / (1f + XMath.Exp(-gate)) * up;
}
