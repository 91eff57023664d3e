using System.Diagnostics.CodeAnalysis;

namespace ILGPU.Runtime;

/// <summary>From a launcher back to its kernel.</summary>
public static class KernelUtil
{
    /// <summary>The kernel that a launcher launches; InvalidOperationException for other delegates.</summary>
    public static Kernel GetKernel<TDelegate>(this TDelegate kernelDelegate)
        where TDelegate : Delegate =>
        kernelDelegate.TryGetKernel(out Kernel? kernel)
            ? kernel
            : throw new InvalidOperationException(
                $"{kernelDelegate.Method.Name} is no launcher; pass what LoadKernel and its like returned.");

    /// <summary>The kernel that a launcher launches; false for other delegates.</summary>
    public static bool TryGetKernel<TDelegate>(
        this TDelegate kernelDelegate, [NotNullWhen(true)] out Kernel? kernel)
        where TDelegate : Delegate
    {
        kernel = (kernelDelegate.Target as KernelLauncher)?.Kernel;
        return kernel is not null;
    }

    /// <summary>What the launcher's kernel was specialized for.</summary>
    public static KernelSpecialization GetKernelSpecialization<TDelegate>(this TDelegate kernelDelegate)
        where TDelegate : Delegate =>
        kernelDelegate.GetKernel().Specialization;
}
