using IlgpuDca.Ilgpu.Ptx;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>Which PTX a device takes.</summary>
static class CudaTarget
{
    /// <summary>The newest PTX that is written; nothing in later ones is used.</summary>
    const int NewestVersion = 88;

    /// <summary>The target of a device under a driver.</summary>
    /// <param name="major">Compute capability, 8 or more.</param>
    /// <param name="minor">Compute capability.</param>
    /// <param name="driverVersion">1000 · major + 10 · minor, at least 12.0.</param>
    public static PtxTarget For(int major, int minor, int driverVersion)
    {
        // The features of one architecture alone (wgmma, setmaxnreg) need its a variant. What came after these versions takes PTX
        // that every device from 9.0 on runs.
        string architecture = major switch { < 9 => $"sm_{major}{minor}", 9 or 10 or 12 => $"sm_{major}{minor}a", _ => "sm_90" };
        return new PtxTarget(Math.Min(NewestVersion, VersionOf(driverVersion)), architecture);
    }

    // PTX 8.5 came with CUDA 12.5 and stayed for 12.6, so the minor versions part there.
    static int VersionOf(int driverVersion) => (driverVersion / 1000, driverVersion % 1000 / 10) switch
    {
        (12, <= 5) and var (_, minor) => 80 + minor,
        (12, var minor) => 79 + minor,
        _ => 90,
    };
}
