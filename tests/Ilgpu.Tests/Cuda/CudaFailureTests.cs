using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Runtime.Cuda;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cuda;

/// <summary>Every way in which a driver fails ends in one typed exception, at once, that says what to do.</summary>
[Collection(nameof(FakeDriverCollection))]
public class CudaFailureTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public void MissingLibraryIsASentence()
    {
        Environment.SetEnvironmentVariable(CudaDriver.LibraryVariable, "/nowhere/libcuda.so.1");
        try
        {
            CudaException exception = Failure(() => FakeDriver.Open());
            Assert.Contains("/nowhere/libcuda.so.1", exception.Message);
            Assert.Contains("Fix: install the NVIDIA driver", exception.Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(CudaDriver.LibraryVariable, null);
        }
    }

    [Fact]
    public void AContextWithoutADriverStillHasTheCpu()
    {
        Environment.SetEnvironmentVariable(CudaDriver.LibraryVariable, "/nowhere/libcuda.so.1");
        try
        {
            using Context context = Context.CreateDefault();
            Device device = Assert.Single(context.Devices);
            Assert.Equal(AcceleratorType.CPU, device.AcceleratorType);
            Assert.Contains("cannot be loaded", context.WhyNoCuda());
        }
        finally
        {
            Environment.SetEnvironmentVariable(CudaDriver.LibraryVariable, null);
        }
    }

    [Fact]
    public void OldDriverIsNamedWithBothVersions()
    {
        using FakeDriver driver = new FakeDriver().With("FAKE_CUDA_VERSION", "11040");
        CudaException exception = Failure(() => FakeDriver.Open());
        Assert.Contains("CUDA 11.4", exception.Message);
        Assert.Contains("12.0 or newer", exception.Message);
    }

    [Fact]
    public void MissingFunctionIsNamed()
    {
        using var driver = new FakeDriver("WITHOUT_GRAPH_LAUNCH");
        CudaException exception = Failure(() => FakeDriver.Open());
        Assert.Contains("has no function cuGraphLaunch", exception.Message);
    }

    [Fact]
    public void NoDeviceIsASentence()
    {
        using FakeDriver driver = new FakeDriver().With("FAKE_CUDA_DEVICES", "0");
        CudaException exception = Failure(() => FakeDriver.Open());
        Assert.Contains("cuInit failed with CUDA_ERROR_NO_DEVICE (100)", exception.Message);
        Assert.Contains("nvidia-smi", exception.Message);
    }

    [Fact]
    public void OldDeviceIsASentence()
    {
        using FakeDriver driver = new FakeDriver().With("FAKE_CUDA_CAPABILITY", "75");
        CudaException exception = Failure(() => FakeDriver.Open());
        Assert.Contains("compute capability 7.5; 8.0 or newer", exception.Message);
    }

    [Fact]
    public void OutOfMemoryNamesWhatWasAskedForAndWhatIsFree()
    {
        using FakeDriver driver = new FakeDriver().With("FAKE_CUDA_MEMORY", "3000000000");
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open();
        using (context)
        {
            CudaException exception = Failure(() => accelerator.Allocate1D<byte>(4_000_000_000));
            Assert.Contains("asked for 4000000000 bytes (4.00 GB)", exception.Message);
            Assert.Contains("3.00 GB free of 3.00 GB", exception.Message);
            Assert.Contains("Fix: ask for less", exception.Message);
            Assert.Equal("CUDA_ERROR_OUT_OF_MEMORY", exception.Error);
        }

        Assert.Equal(0, driver.Alive);
    }

    [Fact]
    public void RefusedPtxShowsTheLogAndTheLine()
    {
        using var driver = new FakeDriver();
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open("mov.u32 %r1, REFUSED;");
        using (context)
        {
            Kernel kernel = accelerator.KernelOf(new KernelSource(Scenario.Method, KernelSpecialization.Empty));
            CudaException exception = Failure(() => _ = ((CudaKernel)kernel).FunctionPtr);
            Assert.Contains("ptxas application ptx input, line 7; error", exception.Message);
            Assert.Contains("Line 7 is 'mov.u32 %r1, REFUSED;'", exception.Message);
            Assert.Contains("Scenario.Kernel", exception.Message);
        }
    }

    /// <summary>Everything a session does, with one of its calls failing.</summary>
    [Theory]
    [InlineData("cuDriverGetVersion")]
    [InlineData("cuInit")]
    [InlineData("cuDeviceGetCount")]
    [InlineData("cuDeviceGet")]
    [InlineData("cuDeviceGetName")]
    [InlineData("cuDeviceTotalMem_v2")]
    [InlineData("cuDeviceGetAttribute")]
    [InlineData("cuDevicePrimaryCtxRetain")]
    [InlineData("cuCtxSetCurrent")]
    [InlineData("cuStreamCreate")]
    [InlineData("cuMemAlloc_v2")]
    [InlineData("cuMemHostAlloc")]
    [InlineData("cuMemcpyAsync")]
    [InlineData("cuMemsetD8Async")]
    [InlineData("cuModuleLoadDataEx")]
    [InlineData("cuModuleGetFunction")]
    [InlineData("cuFuncGetAttribute")]
    [InlineData("cuFuncSetAttribute")]
    [InlineData("cuLaunchKernel")]
    [InlineData("cuEventCreate")]
    [InlineData("cuEventRecord")]
    [InlineData("cuStreamBeginCapture_v2")]
    [InlineData("cuStreamEndCapture")]
    [InlineData("cuGraphInstantiateWithFlags")]
    [InlineData("cuGraphLaunch")]
    [InlineData("cuStreamSynchronize")]
    [InlineData("cuCtxSynchronize")]
    public void EachFailingCallIsNamed(string function)
    {
        const int UnknownError = 999;
        using FakeDriver driver = new FakeDriver().Failing(function, UnknownError);
        CudaException exception = Failure(Scenario.Run);

        // The suffix of the binary interface is no part of the function's name.
        string name = function.Split('_')[0];
        Assert.Contains(function == "cuModuleLoadDataEx" ? "cannot compile its PTX" : name, exception.Message);
        Assert.Contains("CUDA_ERROR_UNKNOWN", exception.Message);
        Assert.Contains("Fix: ", exception.Message);
        Assert.Equal(0, driver.Alive);
    }

    /// <summary>A context that an illegal address has ended: all frees fail, and disposing is quiet.</summary>
    [Theory]
    [InlineData("cuMemFree_v2")]
    [InlineData("cuStreamDestroy_v2")]
    [InlineData("cuModuleUnload")]
    [InlineData("cuDevicePrimaryCtxRelease_v2")]
    public void FailingToFreeIsNoError(string function)
    {
        using FakeDriver driver = new FakeDriver().Failing(function, 700);
        Scenario.Run();
    }

    [Fact]
    public void TheScenarioWorksWhereNothingFails()
    {
        using var driver = new FakeDriver();
        Scenario.Run();
        Assert.Equal(0, driver.Alive);
    }

    static CudaException Failure(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        CudaException exception = Assert.Throws<CudaException>(action);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Assert.True(elapsed < Limit, $"The failure took {elapsed.TotalSeconds:f1} s.");
        return exception;
    }
}
