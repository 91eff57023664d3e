using System.Reflection;

namespace IlgpuDca.Cli;

/// <summary>What this program was built from.</summary>
static class Build
{
    /// <summary>The version, with the commit where the build knew it.</summary>
    public static string Version { get; } =
        typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
