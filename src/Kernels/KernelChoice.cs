namespace IlgpuDca.Kernels;

/// <summary>
/// Environment variables that choose kernels instead of the device: for measuring, and where one is suspected.
/// </summary>
public static class KernelChoice
{
    /// <summary>Products of many rows.</summary>
    internal const string MatMul = "ILGPUDCA_MATMUL";

    /// <summary>Attention of many queries.</summary>
    internal const string Attention = "ILGPUDCA_ATTENTION";

    const string WarpWide = "mma";

    /// <summary>What is wrong with the variables, whatever the device: a sentence, or null.</summary>
    /// <param name="read">Gives a variable's value.</param>
    public static string? Fault(Func<string, string?> read)
    {
        foreach (string variable in (ReadOnlySpan<string>)[MatMul, Attention])
            if (read(variable) is { } value and not ("" or WarpWide))
                return $"{variable} is '{value}'; it can be '{WarpWide}' for the kernels by mma.sync, or unset for the fastest.";
        return null;
    }

    /// <summary>Whether a variable asks for kernels by mma.sync where the device has wgmma.</summary>
    internal static bool IsWarpWide(string variable) => Environment.GetEnvironmentVariable(variable) == WarpWide;
}
