namespace IlgpuDca.Model;

/// <summary>Where to run.</summary>
public enum DevicePreference
{
    /// <summary>The GPU where a usable one is, else the CPU.</summary>
    Auto,
    Cuda,
    Cpu,
}
