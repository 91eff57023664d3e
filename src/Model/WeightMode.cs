namespace IlgpuDca.Model;

/// <summary>What quantised weights of a file are on the device.</summary>
public enum WeightMode
{
    /// <summary>Quantised on a GPU, where memory is what decoding waits for; expanded on the CPU.</summary>
    Auto,

    /// <summary>Codes and scales, as the file has them.</summary>
    Quantized,

    /// <summary>Numbers of the mode's type.</summary>
    Expanded,
}
