using IlgpuDca.Ilgpu.Runtime.Cpu;

namespace ILGPU;

/// <summary>What a context was built with.</summary>
public class ContextProperties
{
    internal ContextProperties()
    {
    }

    /// <summary>Whether the CPU accelerator checks bounds and divergence.</summary>
    public bool EnableAssertions { get; internal set; }

    /// <summary>Whether streams take profiling markers.</summary>
    public bool EnableProfiling { get; internal set; }

    /// <summary>Whether the compiler verifies its own work after each pass.</summary>
    public bool EnableVerifier { get; internal set; }

    /// <summary>Whether a·b + c is rounded once; off in tests that compare with plain C#.</summary>
    internal bool ContractFma { get; set; } = true;

    /// <summary>When CPU accelerators perform asynchronous copies and multiplications.</summary>
    internal AsynchronousTiming AsynchronousTiming { get; set; }

    /// <summary>Whether CPU accelerators look for races in shared memory.</summary>
    internal bool DetectRaces { get; set; }

    /// <summary>How much the compiler works.</summary>
    public OptimizationLevel OptimizationLevel { get; internal set; } = OptimizationLevel.O1;

    /// <summary>How exact mathematics is.</summary>
    public MathMode MathMode { get; internal set; }

    /// <summary>Which calls are inlined.</summary>
    public InliningMode InliningMode { get; internal set; }
}
