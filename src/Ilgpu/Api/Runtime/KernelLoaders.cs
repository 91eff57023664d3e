using System.Reflection;

namespace ILGPU.Runtime;

/// <summary>
/// Loads kernels as delegates that launch them. Compilation happens at the first launch; a kernel that was loaded before
/// is shared.
/// </summary>
public static partial class KernelLoaders
{
    static Kernel Explicit(Accelerator accelerator, Delegate action, KernelSpecialization specialization) =>
        accelerator.KernelOf(new KernelSource(MethodOf(action), specialization));

    static Kernel Automatic(Accelerator accelerator, Delegate action) =>
        Implicit(accelerator, action, accelerator.AutomaticGroupSize);

    static Kernel Implicit(Accelerator accelerator, Delegate action, int groupSize)
    {
        if (groupSize < 1 || groupSize > accelerator.MaxNumThreadsPerGroup)
        {
            throw new ArgumentOutOfRangeException(
                nameof(groupSize), groupSize, $"A group has 1 to {accelerator.MaxNumThreadsPerGroup} threads.");
        }

        return accelerator.KernelOf(new KernelSource(MethodOf(action), KernelSpecialization.Empty, groupSize));
    }

    // The launcher's dimension is generic in the API; Index1D is the one that kernels without groups take.
    static TDelegate Typed<TDelegate>(Delegate launcher)
        where TDelegate : Delegate =>
        launcher as TDelegate
            ?? throw new NotSupportedException(
                $"A kernel without groups is launched by {nameof(Index1D)}; use LoadKernel for other shapes.");

    static MethodInfo MethodOf(Delegate action)
    {
        const BindingFlags Captured = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        bool captures = action.Target is { } target && target.GetType().GetFields(Captured).Length > 0;
        return captures || action.GetInvocationList().Length != 1
            ? throw new NotSupportedException(
                $"{action.Method.DeclaringType?.Name}.{action.Method.Name} captures variables; a kernel is a static "
                + "method or a lambda that captures nothing: pass what it needs as parameters.")
            : action.Method;
    }
}
