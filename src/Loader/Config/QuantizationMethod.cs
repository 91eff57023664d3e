namespace IlgpuDca.Loader;

/// <summary>How the matrices of a safetensors model are packed.</summary>
public enum QuantizationMethod
{
    /// <summary>AWQ: 4 bits in the GEMM layout, with zero points.</summary>
    Awq,

    /// <summary>GPTQ: 4 bits, with zero points.</summary>
    Gptq,

    /// <summary>8-bit floats (E4M3) with scales of the tensor, of channels or of blocks.</summary>
    Float8,
}
