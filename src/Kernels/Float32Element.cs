namespace IlgpuDca.Kernels;

/// <summary>float32 in memory.</summary>
public readonly struct Float32Element : IElement<float>
{
    public float Load(float stored) => stored;

    public float Store(float value) => value;
}
