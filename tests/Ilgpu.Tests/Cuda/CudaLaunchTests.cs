using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Ilgpu.Runtime.Cuda;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cuda;

/// <summary>What reaches cuLaunchKernel.</summary>
[Collection(nameof(FakeDriverCollection))]
public class CudaLaunchTests
{
    [Fact]
    public void ArgumentsShapeAndSharedMemoryReachTheDriver()
    {
        using var driver = new FakeDriver();
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open();
        using (context)
        {
            using MemoryBuffer1D<double, Stride1D.Dense> buffer = accelerator.Allocate1D<double>(100);
            var launch = accelerator.LoadStreamKernel<ArrayView<double>, short, float>(Kernel);
            var config = new KernelConfig(
                new Index3D(3, 4, 5), new Index3D(8, 2, 1), SharedMemoryConfig.RequestDynamic<float>(50_000));
            launch(config, buffer.View.SubView(7, 11), -2, 1.5f);

            Assert.Equal([3, 4, 5, 8, 2, 1, 200_000], driver.Shape());
            Assert.Equal(4, driver.Parameters);
            Assert.Equal((ulong)buffer.NativePtr + 7 * sizeof(double), driver.Slot(0));
            Assert.Equal(11ul, driver.Slot(1));
            Assert.Equal(unchecked((ushort)-2), driver.Slot(2));
            Assert.Equal(BitConverter.SingleToUInt32Bits(1.5f), driver.Slot(3));
        }
    }

    [Fact]
    public void ResourcesAndOccupancyComeFromTheDriver()
    {
        using var driver = new FakeDriver();
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open();
        using (context)
        {
            Kernel kernel = accelerator.LoadStreamKernel<ArrayView<double>, short, float>(Kernel).GetKernel();
            KernelResources resources = ((CudaKernel)kernel).GetResources();
            Assert.Equal((32, 0, 2048), (resources.Registers, resources.LocalBytes, resources.SharedBytes));
            Assert.Contains("Used 32 registers", resources.CompilerLog);
            Assert.Equal(8, accelerator.EstimateMaxActiveGroupsPerMultiprocessor(kernel, 256, 0));
            Assert.Equal(128, accelerator.EstimateGroupSize(kernel, 0, 128, out int minGridSize));
            Assert.Equal(8, minGridSize);
        }
    }

    [Fact]
    public void MemoryOfTheHostIsRefusedUnlessItIsPageLocked()
    {
        using var driver = new FakeDriver();
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open();
        using (context)
        {
            var launch = accelerator.LoadStreamKernel<ArrayView<double>, short, float>(Kernel);
            using PageLockedArray1D<double> locked = accelerator.AllocatePageLocked1D<double>(4);
            launch((1, 32), locked.ArrayView, 0, 0);
            Assert.Equal((ulong)locked.ArrayView.LoadEffectiveAddressAsPtr(), driver.Slot(0));
            ArrayView<double> local = LocalMemory.Allocate<double>(4);
            ArgumentException exception = Assert.Throws<ArgumentException>(() => launch((1, 32), local, 0, 0));
            Assert.Contains("cannot reach", exception.Message);
        }
    }

    /// <summary>Where pages cannot be locked, or kernels would not reach them, the driver's own memory takes their place.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void LargePageLockedMemoryLiesInHugePages(bool fails, bool isReached)
    {
        using FakeDriver driver = new FakeDriver().With("FAKE_CUDA_LOCKED_PAGES", isReached ? "1" : "0");
        if (fails)
            driver.Failing("cuMemHostRegister_v2", 801);
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open();
        using (context)
        {
            int before = driver.Alive;
            using (PageLockedArray1D<byte> locked = accelerator.AllocatePageLocked1D<byte>(HugePages.PageBytes + 1))
            {
                Assert.Equal(before + 1, driver.Alive);
                // The fake driver's own memory has a header of 16 bytes.
                bool isHuge = !fails && isReached && OperatingSystem.IsLinux();
                Assert.Equal(isHuge, locked.ArrayView.LoadEffectiveAddressAsPtr() % HugePages.PageBytes == 0);
                Assert.False(locked.Span.ContainsAnyExcept((byte)0));
                locked.Span.Fill(1);
            }
            Assert.Equal(before, driver.Alive);
        }
    }

    [Fact]
    public void DeviceMemoryCannotBeIndexedFromTheHost()
    {
        using var driver = new FakeDriver();
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open();
        using (context)
        {
            using MemoryBuffer1D<int, Stride1D.Dense> buffer = accelerator.Allocate1D<int>(4);
            Assert.Throws<InvalidOperationException>(() => buffer.View[0]);
        }
    }

    [Fact]
    public void ForgottenMemoryIsFreedByItsContextAndNotByTheFinaliser()
    {
        using var driver = new FakeDriver();
        (Context context, CudaAccelerator accelerator) = FakeDriver.Open();
        using (context)
        {
            CudaPrimaryContext primary = accelerator.PrimaryContext;
            int before = driver.Alive;
            Forget(primary);
            Assert.Equal(before + 1, driver.Alive);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(before + 1, driver.Alive);
            primary.FreeAbandoned();
            Assert.Equal(before, driver.Alive);
        }
    }

    /// <summary>The compiler's own PTX goes to the driver, with a parameter for each slot of the launcher.</summary>
    [Fact]
    public void TheCompilerAndTheLauncherAgree()
    {
        using var driver = new FakeDriver();
        using Context context = Context.Create(builder => builder.Cuda().Verify());
        using CudaAccelerator accelerator = context.CreateCudaAccelerator(0);
        string? ptx = null;
        accelerator.Compiler = (target, request) =>
        {
            PtxKernel kernel = CudaKernelCompiler.Compile(target, request);
            ptx = kernel.Text;
            return kernel;
        };
        using MemoryBuffer1D<double, Stride1D.Dense> buffer = accelerator.Allocate1D<double>(100);
        accelerator.LoadStreamKernel<ArrayView<double>, short, float>(Kernel, new KernelSpecialization(64, 2))(
            (2, 64), buffer.View, 3, 0.25f);
        Assert.Contains(".version 8.8\n.target sm_90a", ptx);
        Assert.Contains(".maxntid 64", ptx);
        Assert.Contains(".minnctapersm 2", ptx);
        Assert.Equal(4, driver.Parameters);
        Assert.Equal(100ul, driver.Slot(1));

        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>, float>(Indexed)(1000, buffer.View, 0.5f);
        Assert.Equal([4, 1, 1, 256, 1, 1, 0], driver.Shape());
        Assert.Equal(4, driver.Parameters);
        Assert.Equal(1000u, (uint)driver.Slot(0));
    }

    /// <summary>A kernel that waits for the one before it is launched with the driver's attribute; all else as by the plain call.</summary>
    [Fact]
    public void AKernelThatWaitsIsLaunchedEarly()
    {
        using var driver = new FakeDriver();
        using Context context = Context.Create(builder => builder.Cuda().Verify());
        using CudaAccelerator accelerator = context.CreateCudaAccelerator(0);
        using MemoryBuffer1D<double, Stride1D.Dense> buffer = accelerator.Allocate1D<double>(100);
        accelerator.LoadStreamKernel<ArrayView<double>, short, float>(Kernel)((2, 64), buffer.View, 3, 0.25f);
        Assert.Equal((0, 0), driver.Attribute());
        string? ptx = null;
        accelerator.Compiler = (target, request) =>
        {
            PtxKernel kernel = CudaKernelCompiler.Compile(target, request);
            ptx = kernel.Text;
            return kernel;
        };
        accelerator.LoadStreamKernel<ArrayView<double>>(Waiting)((3, 96, SharedMemoryConfig.RequestDynamic<byte>(512)), buffer.View);
        Assert.Equal((6, 1), driver.Attribute());
        Assert.Equal([3, 1, 1, 96, 1, 1, 512], driver.Shape());
        Assert.Equal(100ul, driver.Slot(1));
        int allow = ptx!.IndexOf("griddepcontrol.launch_dependents;", StringComparison.Ordinal);
        int wait = ptx.IndexOf("griddepcontrol.wait;", StringComparison.Ordinal);
        Assert.InRange(allow, 1, wait);
        Assert.InRange(ptx.IndexOf("st.global", StringComparison.Ordinal), wait, ptx.Length);
    }

    /// <summary>One launch by the plain call, which waits for all before it; the one after it is early again.</summary>
    [Fact]
    public void ALaunchThatMustStartAloneIsNotEarly()
    {
        using var driver = new FakeDriver();
        using Context context = Context.Create(builder => builder.Cuda());
        using CudaAccelerator accelerator = context.CreateCudaAccelerator(0);
        using MemoryBuffer1D<double, Stride1D.Dense> buffer = accelerator.Allocate1D<double>(100);
        var launch = accelerator.LoadStreamKernel<ArrayView<double>>(Waiting);
        ProgrammaticLaunch.NextStartsAlone(accelerator.DefaultStream);
        launch((1, 32), buffer.View);
        Assert.Equal((0, 0), driver.Attribute());
        launch((1, 32), buffer.View);
        Assert.Equal((6, 1), driver.Attribute());
    }

    [Theory]
    [InlineData(9, 0, 13000, 88, "sm_90a")]
    [InlineData(9, 0, 12030, 83, "sm_90a")]
    [InlineData(8, 0, 12000, 80, "sm_80")]
    [InlineData(8, 9, 12060, 85, "sm_89")]
    [InlineData(12, 0, 12080, 87, "sm_120a")]
    [InlineData(10, 0, 12090, 88, "sm_100a")]
    [InlineData(11, 0, 13000, 88, "sm_90")]
    public void TheTargetFollowsDeviceAndDriver(int major, int minor, int driver, int version, string architecture) =>
        Assert.Equal(new PtxTarget(version, architecture), CudaTarget.For(major, minor, driver));

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    static unsafe void Forget(CudaPrimaryContext context)
    {
        nint stream;
        context.MakeCurrent();
        context.Driver.Require(context.Driver.StreamCreate(&stream, 0), "cuStreamCreate");
        context.Own(CudaHandleKind.Stream, stream);
    }

    static void Kernel(ArrayView<double> view, short first, float second) => view[0] = first + second;

    static void Waiting(ArrayView<double> view)
    {
        ProgrammaticLaunch.AllowNext();
        ProgrammaticLaunch.WaitForPrevious();
        view[0] = 1;
    }

    static void Indexed(Index1D index, ArrayView<double> view, float value) => view[index] = value;
}
