namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>The first two directives of a PTX module.</summary>
/// <param name="Version">PTX version, 10 · major + minor: .version.</param>
/// <param name="Architecture">.target, such as sm_90a.</param>
readonly record struct PtxTarget(int Version, string Architecture)
{
    /// <summary>The newest PTX that is written; nothing in later ones is used.</summary>
    const int NewestVersion = 88;

    /// <summary>The version as PTX writes it.</summary>
    public string VersionText => $"{Version / 10}.{Version % 10}";

    /// <summary>The target of a device under a driver.</summary>
    /// <param name="major">Compute capability, 8 or more.</param>
    /// <param name="minor">Compute capability.</param>
    /// <param name="driverVersion">1000 · major + 10 · minor, at least 12.0.</param>
    public static PtxTarget For(int major, int minor, int driverVersion)
    {
        // From 9.0 on, the features of one architecture alone (wgmma, TMA, mbarrier) need its a variant.
        string suffix = major >= 9 ? "a" : string.Empty;
        return new PtxTarget(Math.Min(NewestVersion, PtxOf(driverVersion)), $"sm_{major}{minor}{suffix}");
    }

    static int PtxOf(int driverVersion) => (driverVersion / 1000, driverVersion % 1000 / 10) switch
    {
        (12, <= 5) and var (_, minor) => 80 + minor,
        (12, 6) => 85,
        (12, var minor) => 79 + minor,
        _ => 90,
    };
}
