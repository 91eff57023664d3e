using System.Collections.Concurrent;
using System.Reflection;

namespace ILGPU.Runtime;

/// <summary>Loading kernels, and how many of their groups fit.</summary>
partial class Accelerator
{
    readonly ConcurrentDictionary<KernelSource, Kernel> _kernels = new();

    /// <summary>Compiles a kernel at once. Its groups are given at each launch.</summary>
    public Kernel LoadKernel(MethodInfo method) => LoadKernel(method, KernelSpecialization.Empty);

    /// <summary>Compiles a kernel at once, for launches as the specialization says.</summary>
    public Kernel LoadKernel(MethodInfo method, KernelSpecialization specialization) =>
        Prepared(new KernelSource(method, specialization));

    /// <summary>Compiles a kernel whose first parameter is the thread's Index1D; groups are chosen for it.</summary>
    public Kernel LoadAutoGroupedKernel(MethodInfo method) =>
        Prepared(new KernelSource(method, KernelSpecialization.Empty, AutomaticGroupSize));

    /// <summary>Compiles a kernel whose first parameter is the thread's Index1D, for groups of a size.</summary>
    public Kernel LoadImplicitlyGroupedKernel(MethodInfo method, int customGroupSize) =>
        Prepared(new KernelSource(method, KernelSpecialization.Empty, customGroupSize));

    /// <summary>Groups of a kernel that fit a multiprocessor at once.</summary>
    public int EstimateMaxActiveGroupsPerMultiprocessor(Kernel kernel, int groupSize) =>
        EstimateMaxActiveGroupsPerMultiprocessor(kernel, groupSize, 0);

    /// <summary>Groups of a kernel that fit a multiprocessor at once, with dynamic shared memory.</summary>
    public int EstimateMaxActiveGroupsPerMultiprocessor(
        Kernel kernel, int groupSize, int dynamicSharedMemorySizeInBytes) =>
        kernel.AnyCode.MaxActiveGroups(groupSize, dynamicSharedMemorySizeInBytes);

    /// <summary>The group size that fills the device best, and the fewest groups that do.</summary>
    public int EstimateGroupSize(
        Kernel kernel, int dynamicSharedMemorySizeInBytes, int maxGroupSize, out int minGridSize) =>
        kernel.AnyCode.BestGroupSize(dynamicSharedMemorySizeInBytes, maxGroupSize, out minGridSize);

    /// <summary>Group size of kernels that leave the choice: eight warps hide latency on every device.</summary>
    internal int AutomaticGroupSize => Math.Min(256, MaxNumThreadsPerGroup);

    /// <summary>The kernel of a source: one for each accelerator, compiled at its first launch.</summary>
    internal Kernel KernelOf(KernelSource source)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        while (true)
        {
            Kernel kernel = _kernels.GetOrAdd(source, static (key, accelerator) => accelerator.MakeKernel(key), this);
            if (!kernel.IsDisposed)
                return kernel;

            _kernels.TryRemove(new(source, kernel));
        }
    }

    /// <summary>The kernels that were loaded and not disposed.</summary>
    internal IEnumerable<Kernel> LoadedKernels => _kernels.Values;

    internal void Forget(Kernel kernel) => _kernels.TryRemove(new(kernel.Source, kernel));

    private protected abstract Kernel MakeKernel(KernelSource source);

    Kernel Prepared(KernelSource source)
    {
        Kernel kernel = KernelOf(source);
        kernel.Prepare();
        return kernel;
    }
}
