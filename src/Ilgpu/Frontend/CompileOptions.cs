namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Which back end a kernel is compiled for.</summary>
public enum CompileTarget
{
    Cuda,
    Cpu,
}

/// <summary>What a compilation depends on besides the method.</summary>
public sealed record CompileOptions(CompileTarget Target)
{
    /// <summary>Keep bounds checks (CPU).</summary>
    public bool Checked { get; init; }

    /// <summary>Contract a·b + c to one rounding. Off only in tests that compare with plain C#.</summary>
    public bool ContractFma { get; init; } = true;

    /// <summary>Run the verifier after the front end and after each pass.</summary>
    public bool Verify { get; init; }

    /// <summary>The first parameter is an Index1D that the launch computes: Grid.GlobalIndex.X, guarded by leaf 0, the extent (I32).</summary>
    public bool ImplicitlyGrouped { get; init; }

    /// <summary>The device can start a kernel before the one in front of it is done: ProgrammaticLaunch means something.</summary>
    public bool LaunchesOverlap { get; init; }

    /// <summary>The values of SpecializedValue parameters by parameter index: the T, boxed.</summary>
    public IReadOnlyDictionary<int, object> Specialized { get; init; } = new Dictionary<int, object>();

    /// <summary>.maxntid; 0 when unknown.</summary>
    public int MaxThreadsPerGroup { get; init; }

    /// <summary>.minnctapersm; 0 when unknown.</summary>
    public int MinGroupsPerMultiprocessor { get; init; }
}
