using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>A kernel that the driver compiled for one device.</summary>
sealed unsafe class CudaKernelCode : KernelCode
{
    /// <summary>Dynamic shared memory that a launch may use without being asked for.</summary>
    const int DefaultSharedBytes = 48 * 1024;

    /// <summary>CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES.</summary>
    const int MaxDynamicShared = 8;

    readonly CudaPrimaryContext _context;
    readonly string _name;
    readonly CudaModule _module;
    readonly int[]? _slots;
    readonly bool _waitsForPrevious;
    int _dynamicSharedLimit;

    public CudaKernelCode(CudaPrimaryContext context, string name, PtxKernel ptx)
    {
        _context = context;
        _name = name;
        _slots = ptx.Slots;
        _waitsForPrevious = ptx.WaitsForPrevious;
        context.MakeCurrent();
        _module = CudaModule.Load(context, name, ptx.Text);
        try
        {
            Function = _module.Function(context.Driver, ptx.EntryPoint);
            _dynamicSharedLimit = DefaultSharedBytes - Attribute(CudaFunctionAttribute.SharedBytes);
        }
        catch
        {
            _module.Unload();
            throw;
        }
    }

    /// <summary>The CUfunction.</summary>
    public nint Function { get; }

    /// <summary>The CUmodule.</summary>
    public nint Module => _module.Handle;

    /// <summary>What ptxas said about the kernel.</summary>
    public string CompilerLog => _module.InfoLog;

    /// <summary>A number that the driver knows of the kernel.</summary>
    public int Attribute(CudaFunctionAttribute attribute)
    {
        _context.MakeCurrent();
        int value;
        _context.Driver.Require(
            _context.Driver.FuncGetAttribute(&value, (int)attribute, Function), $"{_name}: cuFuncGetAttribute");
        return value;
    }

    public override void Launch(AcceleratorStream stream, in KernelConfig config, Span<ulong> slots)
    {
        _context.MakeCurrent();
        CudaDriver driver = _context.Driver;
        int dynamicShared = config.SharedMemoryConfig.ArraySize;
        if (dynamicShared > _dynamicSharedLimit)
            RaiseSharedLimit(dynamicShared);

        bool overlaps = _waitsForPrevious && !stream.NextStartsAlone;
        stream.NextStartsAlone = false;
        Index3D grid = config.GridDim, group = config.GroupDim;
        void** parameters = stackalloc void*[slots.Length + 1];
        CudaError error;
        fixed (ulong* first = slots)
        {
            int count = _slots?.Length ?? slots.Length;
            for (int k = 0; k < count; k++)
                parameters[k] = first + (_slots is null ? k : _slots[k]);

            error = overlaps
                ? LaunchEarly(driver, config, ((CudaStream)stream).StreamPtr, parameters)
                : driver.LaunchKernel(
                    Function,
                    (uint)grid.X, (uint)grid.Y, (uint)grid.Z,
                    (uint)group.X, (uint)group.Y, (uint)group.Z,
                    (uint)dynamicShared, ((CudaStream)stream).StreamPtr, parameters, null);
        }

        if (error != CudaError.CUDA_SUCCESS)
        {
            throw driver.Failure(
                error,
                $"{_name}: cuLaunchKernel with grid {grid}, group {group} and {dynamicShared} bytes of shared memory");
        }
    }

    /// <summary>A launch that may begin before the kernel in front of it is done.</summary>
    CudaError LaunchEarly(CudaDriver driver, in KernelConfig config, nint stream, void** parameters)
    {
        CudaLaunchAttribute attribute = new()
        {
            Identifier = CudaLaunchAttribute.ProgrammaticStreamSerialization,
            Value = 1,
        };
        Index3D grid = config.GridDim, group = config.GroupDim;
        CudaLaunchConfig launch = new()
        {
            GridX = (uint)grid.X,
            GridY = (uint)grid.Y,
            GridZ = (uint)grid.Z,
            GroupX = (uint)group.X,
            GroupY = (uint)group.Y,
            GroupZ = (uint)group.Z,
            DynamicSharedBytes = (uint)config.SharedMemoryConfig.ArraySize,
            Stream = stream,
            Attributes = &attribute,
            AttributeCount = 1,
        };
        return driver.LaunchKernelEx(&launch, Function, parameters, null);
    }

    public override int MaxActiveGroups(int groupSize, int dynamicSharedBytes)
    {
        _context.MakeCurrent();
        if (dynamicSharedBytes > _dynamicSharedLimit)
            RaiseSharedLimit(dynamicSharedBytes);

        int groups;
        _context.Driver.Require(
            _context.Driver.OccupancyMaxActiveGroups(&groups, Function, groupSize, (nuint)dynamicSharedBytes),
            $"{_name}: cuOccupancyMaxActiveBlocksPerMultiprocessor");
        return groups;
    }

    public override int BestGroupSize(int dynamicSharedBytes, int maxGroupSize, out int minGridSize)
    {
        _context.MakeCurrent();
        int grid, group;
        _context.Driver.Require(
            _context.Driver.OccupancyBestGroup(&grid, &group, Function, null, (nuint)dynamicSharedBytes, maxGroupSize),
            $"{_name}: cuOccupancyMaxPotentialBlockSize");
        minGridSize = grid;
        return group;
    }

    public override void Dispose() => _module.Unload();

    void RaiseSharedLimit(int bytes)
    {
        CudaDriver driver = _context.Driver;
        driver.Require(
            driver.FuncSetAttribute(Function, MaxDynamicShared, bytes),
            $"{_name}: cuFuncSetAttribute for {bytes} bytes of dynamic shared memory beside "
            + $"{Attribute(CudaFunctionAttribute.SharedBytes)} static ones");
        _dynamicSharedLimit = bytes;
    }
}
