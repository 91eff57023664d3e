namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>What keys and values are cached as.</summary>
public enum CacheType
{
    /// <summary>In the type of the activations.</summary>
    Plain,

    /// <summary>8 bits, OCP E4M3, with a scale for each token and head: the row's largest magnitude is 448.</summary>
    Fp8,

    /// <summary>8 bits, whole numbers from -127 to 127, with a scale for each token and head.</summary>
    Int8,

    /// <summary>4 bits, whole numbers from -8 to 7, with a scale for each token and head: the element largest in magnitude is -8.</summary>
    Int4,
}
