using System.Collections.Immutable;

namespace ILGPU.Runtime.CPU;

/// <summary>The processor as a device: warps of 32 lanes, groups of up to 1024 threads.</summary>
public sealed class CPUDevice : Device
{
    /// <summary>Lanes of a warp, as on NVIDIA devices.</summary>
    const int LanesPerWarp = 32;

    /// <summary>Threads of the largest group, as on NVIDIA devices.</summary>
    const int ThreadsPerGroup = 1024;

    /// <summary>Shared memory of a group, as on devices of compute capability 9.0.</summary>
    const int SharedBytesPerGroup = 227 * 1024;

    /// <summary>All cores of this machine.</summary>
    public static readonly CPUDevice Default =
        new(LanesPerWarp, ThreadsPerGroup / LanesPerWarp, Environment.ProcessorCount);

    /// <summary>The same device: its limits are those of NVIDIA devices.</summary>
    public static readonly CPUDevice Nvidia = Default;

    /// <summary>A processor seen as multiprocessors.</summary>
    /// <param name="numThreadsPerWarp">32.</param>
    /// <param name="numWarpsPerMultiprocessor">Warps of the largest group, 1 to 32.</param>
    /// <param name="numMultiprocessors">Groups that run at once: cores that are used.</param>
    public CPUDevice(int numThreadsPerWarp, int numWarpsPerMultiprocessor, int numMultiprocessors)
        : base(AcceleratorType.CPU)
    {
        if (numThreadsPerWarp != LanesPerWarp)
        {
            throw new ArgumentOutOfRangeException(
                nameof(numThreadsPerWarp), numThreadsPerWarp, $"Warps of the CPU accelerator have {LanesPerWarp} lanes.");
        }

        if (numWarpsPerMultiprocessor is < 1 or > ThreadsPerGroup / LanesPerWarp)
        {
            throw new ArgumentOutOfRangeException(
                nameof(numWarpsPerMultiprocessor),
                numWarpsPerMultiprocessor,
                $"A group has 1 to {ThreadsPerGroup / LanesPerWarp} warps.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(numMultiprocessors, 1);
        Name = "CPU";
        WarpSize = numThreadsPerWarp;
        MaxNumThreadsPerGroup = numThreadsPerWarp * numWarpsPerMultiprocessor;
        MaxNumThreadsPerMultiprocessor = MaxNumThreadsPerGroup;
        NumMultiprocessors = numMultiprocessors;
        MaxGroupSize = new Index3D(MaxNumThreadsPerGroup);
        MaxGridSize = new Index3D(int.MaxValue, ushort.MaxValue, ushort.MaxValue);
        MaxSharedMemoryPerGroup = SharedBytesPerGroup;
        MaxConstantMemory = int.MaxValue;
        MemorySize = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }

    /// <summary>Threads that can be resident at once.</summary>
    public int NumThreads => MaxNumThreads;

    /// <summary>The devices that a predicate takes: all there are is the default one.</summary>
    public static ImmutableArray<Device> GetDevices(Predicate<CPUDevice> predicate) =>
        predicate(Default) ? [Default] : [];

    /// <inheritdoc/>
    public override Accelerator CreateAccelerator(Context context) => CreateCPUAccelerator(context);

    /// <summary>Makes an accelerator that uses the cores.</summary>
    public CPUAccelerator CreateCPUAccelerator(Context context) =>
        CreateCPUAccelerator(context, CPUAcceleratorMode.Auto);

    /// <summary>Makes an accelerator.</summary>
    public CPUAccelerator CreateCPUAccelerator(Context context, CPUAcceleratorMode mode) => new(context, this, mode);
}
