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
        // From 9.0 on, the features of one architecture alone (wgmma, TMA, mbarrier) need its a variant.
        string suffix = major >= 9 ? "a" : string.Empty;
        return new PtxTarget(Math.Min(NewestVersion, VersionOf(driverVersion)), $"sm_{major}{minor}{suffix}");
    }

    // PTX 8.5 came with CUDA 12.5 and stayed for 12.6, so the minor versions part there.
    static int VersionOf(int driverVersion) => (driverVersion / 1000, driverVersion % 1000 / 10) switch
    {
        (12, <= 5) and var (_, minor) => 80 + minor,
        (12, var minor) => 79 + minor,
        _ => 90,
    };
}
