namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>What is measured together.</summary>
public enum KernelGroup
{
    /// <summary>Memory copied on the device.</summary>
    Copy,

    /// <summary>Memory read: the ceiling of everything that only reads.</summary>
    Read,

    /// <summary>Products of many rows.</summary>
    Gemm,

    /// <summary>Products of one row.</summary>
    Gemv,

    /// <summary>Products of one row with quantised weights.</summary>
    Qgemv,

    /// <summary>Products of many rows with quantised weights.</summary>
    Qgemm,

    /// <summary>Causal attention of a whole text.</summary>
    Attention,

    /// <summary>The same under Dual Chunk Attention.</summary>
    Dca,

    /// <summary>Attention of one query.</summary>
    Decode,

    /// <summary>A token drawn from logits.</summary>
    Sampling,
}
