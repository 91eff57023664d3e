namespace IlgpuDca.Loader;

/// <summary>How the frequencies of rotary position embedding are changed for longer texts.</summary>
public enum RopeKind
{
    /// <summary>Not at all.</summary>
    Default,

    /// <summary>Position interpolation: all divided by the factor.</summary>
    Linear,

    /// <summary>NTK-aware: the base grows so that the slowest frequency is divided by the factor.</summary>
    Ntk,

    /// <summary>NTK-aware with a factor that follows the text's length.</summary>
    Dynamic,

    /// <summary>YaRN: slow frequencies divided, fast ones kept, a ramp between, and a temperature.</summary>
    Yarn,

    /// <summary>Llama 3: waves beyond a length divided, short ones kept, a ramp between.</summary>
    Llama3,
}
