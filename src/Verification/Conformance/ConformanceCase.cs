using System.Reflection;
using ILGPU.Runtime;

namespace IlgpuDca.Verification.Conformance;

/// <summary>A small kernel that uses one construct of C#, and the results that it must have.</summary>
/// <param name="Name">Theme and construct: unique.</param>
/// <param name="Kernel">The kernel's method, for tests that only compile it.</param>
/// <param name="IsImplicitlyGrouped">Whether its first parameter is the index that a launch computes.</param>
/// <param name="Run">Launches it and compares; throws <see cref="ConformanceException"/> where a result is wrong.</param>
public sealed record ConformanceCase(
    string Name, MethodInfo Kernel, bool IsImplicitlyGrouped, Action<Accelerator> Run)
{
    /// <summary>Values of SpecializedValue parameters by their position, for tests that compile the kernel.</summary>
    public IReadOnlyDictionary<int, object> Specialized { get; init; } = new Dictionary<int, object>();

    public override string ToString() => Name;
}
