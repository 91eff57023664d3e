namespace IlgpuDca.Kernels;

/// <summary>
/// Environment variables that choose kernels instead of the device: for measuring, and where one is suspected.
/// </summary>
static class KernelChoice
{
    /// <summary>Products of many rows.</summary>
    public const string MatMul = "ILGPUDCA_MATMUL";

    /// <summary>Attention of many queries.</summary>
    public const string Attention = "ILGPUDCA_ATTENTION";

    const string WarpWide = "mma";

    /// <summary>Whether a variable asks for kernels by mma.sync where the device has wgmma.</summary>
    public static bool IsWarpWide(string variable) => Environment.GetEnvironmentVariable(variable) switch
    {
        null or "" => false,
        WarpWide => true,
        { } other => throw new ArgumentException(
            $"{variable} is '{other}'; it can be '{WarpWide}' for the kernels by mma.sync, or unset for the fastest."),
    };
}
