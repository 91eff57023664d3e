namespace IlgpuDca.Model;

/// <summary>What weights, cache and the activations that products read are stored as. Sums and the residual stream are float32 in both.</summary>
public enum ComputeMode
{
    Float32,
    BFloat16,
}
