using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Ptx;
#endif
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Model;

/// <summary>The accelerator that the engine runs on, with why it was chosen.</summary>
public sealed class ComputeDevice : IDisposable
{
    readonly Context _context;

    ComputeDevice(Context context, Accelerator accelerator, string name, string? whyNoGpu)
    {
        (_context, Accelerator, Name, WhyNoGpu) = (context, accelerator, name, whyNoGpu);
        Stream = accelerator.CreateStream();
    }

    public Accelerator Accelerator { get; }

    /// <summary>The stream that everything is queued on.</summary>
    public AcceleratorStream Stream { get; }

    public bool IsCuda => Accelerator is CudaAccelerator;

    /// <summary>For people: what the driver calls it; the CPU with its cores.</summary>
    public string Name { get; }

    /// <summary>A sentence, where a GPU would have been taken and none can be used; null elsewhere.</summary>
    public string? WhyNoGpu { get; }

    /// <summary>For the line that says where a program runs: the name, and why it is no GPU.</summary>
    public string Description => WhyNoGpu is null ? Name : $"{Name}; no GPU: {WhyNoGpu}";

    /// <summary>For the head of a table of measurements: the GPU, its memory, the driver; the CPU's cores.</summary>
    public string Identity => Accelerator is CudaAccelerator cuda
        ? $"{cuda.Name} ({cuda.MemorySize / 1e9:0} GB), compute capability {cuda.Architecture}, driver for CUDA {cuda.DriverVersion}{KernelModule()}"
        : Name;

    /// <summary>What can be allocated, and how buffers use it up.</summary>
    public DeviceMemory Memory => new(AvailableBytes, IsCuda ? AllocationRule.Cuda : AllocationRule.Exact,
        MatMulBFloat16.ScratchBytes(Accelerator), MatMulBFloat16.Float8Bytes(Accelerator), !MatMulBFloat16.ConvertsWeights(Accelerator));

    /// <summary>Opens a device.</summary>
    /// <param name="preference">Which.</param>
    /// <param name="detectRaces">Launches on the CPU fail that have races.</param>
    /// <exception cref="GpuUnavailableException">A GPU was asked for and can't be used.</exception>
    /// <exception cref="UsageException">An environment variable names kernels that there are not.</exception>
    public static ComputeDevice Open(DevicePreference preference, bool detectRaces = false)
    {
        if (KernelChoice.Fault(Environment.GetEnvironmentVariable) is { } fault)
            throw new UsageException(fault);
        Context context = Context.Create(builder => Configure(builder, preference, detectRaces));
        try
        {
            string? whyNot = null;
            if (preference != DevicePreference.Cpu)
            {
                if (context.GetCudaDevices().Count > 0)
                {
                    CudaAccelerator cuda = context.CreateCudaAccelerator(0);
                    return new ComputeDevice(context, cuda, cuda.Name, null);
                }
                whyNot = Reason(context);
                if (preference == DevicePreference.Cuda)
                    throw new GpuUnavailableException($"--device cuda: {whyNot}");
            }
            CPUAccelerator cpu = context.CreateCPUAccelerator(0);
            return new ComputeDevice(context, cpu, $"CPU ({cpu.NumMultiprocessors} cores)", whyNot);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    static void Configure(Context.Builder builder, DevicePreference preference, bool detectRaces)
    {
        builder.CPU().EnableAlgorithms().Optimize(OptimizationLevel.O2).Profiling();
        if (preference != DevicePreference.Cpu)
            builder.Cuda();
        if (detectRaces)
#if ILGPU_PACKAGE
            throw new UsageException("--races: this build has the package's CPU accelerator, which does not look for races.");
#else
            builder.DetectRaces();
#endif
    }

#if ILGPU_PACKAGE
    static string Reason(Context context) => "no CUDA device was found.";

    /// <summary>Bytes that can be allocated.</summary>
    public long AvailableBytes => Accelerator is CudaAccelerator cuda ? cuda.GetFreeMemory() : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
#else
    /// <summary>What PTX is printed for; null on the CPU.</summary>
    public PtxTarget? PtxTarget => Accelerator is CudaAccelerator cuda ? cuda.Device.GetTarget() : null;

    static string Reason(Context context) => context.WhyNoCuda() ?? "no CUDA device was found.";

    /// <summary>Bytes that can be allocated.</summary>
    public long AvailableBytes => Accelerator is CudaAccelerator cuda ? cuda.GetMemoryInfo().Free : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
#endif

    /// <summary>", kernel module 580.159.04", where Linux tells.</summary>
    static string KernelModule()
    {
        const string File = "/proc/driver/nvidia/version";
        try
        {
            string? version = System.IO.File.ReadLines(File).First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .FirstOrDefault(word => Version.TryParse(word, out _));
            return version is null ? "" : $", kernel module {version}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return "";
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        Accelerator.Dispose();
        _context.Dispose();
    }
}
