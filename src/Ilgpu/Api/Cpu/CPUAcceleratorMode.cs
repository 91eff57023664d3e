namespace ILGPU.Runtime.CPU;

/// <summary>How the CPU accelerator spreads the groups of a launch.</summary>
public enum CPUAcceleratorMode
{
    /// <summary>As Parallel.</summary>
    Auto = 0,

    /// <summary>One after the other on the calling thread.</summary>
    Sequential = 1,

    /// <summary>Over the cores.</summary>
    Parallel = 2,
}
