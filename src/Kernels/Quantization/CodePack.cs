namespace IlgpuDca.Kernels.Quantization;

/// <summary>16 bytes: codes of weights, or eight 16-bit activations.</summary>
public readonly struct CodePack(uint a, uint b, uint c, uint d)
{
    public readonly uint A = a, B = b, C = c, D = d;
}
