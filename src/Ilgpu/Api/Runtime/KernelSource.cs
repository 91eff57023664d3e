using System.Reflection;

namespace ILGPU.Runtime;

/// <summary>What a kernel is made from.</summary>
/// <param name="Method">A static method, or a lambda that captures nothing.</param>
/// <param name="Specialization">What its launches keep to.</param>
/// <param name="ImplicitGroupSize">
/// Threads of a group where the first parameter is the thread's Index1D; 0 where launches give the groups.
/// </param>
readonly record struct KernelSource(
    MethodInfo Method, KernelSpecialization Specialization, int ImplicitGroupSize = 0)
{
    /// <summary>Whether the first parameter is the thread's index.</summary>
    public bool IsImplicitlyGrouped => ImplicitGroupSize > 0;

    /// <summary>Class and method, as errors name the kernel.</summary>
    public string Name => $"{Method.DeclaringType?.Name}.{Method.Name}";
}
