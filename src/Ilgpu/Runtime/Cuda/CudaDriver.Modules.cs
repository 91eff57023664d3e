using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>Modules and kernels: the driver's functions, parameters as in its header.</summary>
unsafe partial class CudaDriver
{
    nint _launchKernelEx;

    public delegate* unmanaged<nint*, byte*, uint, int*, void**, CudaError> ModuleLoadData { get; private set; }

    public delegate* unmanaged<nint, CudaError> ModuleUnload { get; private set; }

    public delegate* unmanaged<nint*, nint, byte*, CudaError> ModuleGetFunction { get; private set; }

    public delegate* unmanaged<int*, int, nint, CudaError> FuncGetAttribute { get; private set; }

    public delegate* unmanaged<nint, int, int, CudaError> FuncSetAttribute { get; private set; }

    public delegate* unmanaged<int*, nint, int, nuint, CudaError> OccupancyMaxActiveGroups { get; private set; }

    public delegate* unmanaged<int*, int*, nint, void*, nuint, int, CudaError> OccupancyBestGroup { get; private set; }

    public delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaError>
        LaunchKernel
    { get; private set; }

    /// <summary>Bound when first used: kernels that may be launched early need it.</summary>
    public delegate* unmanaged<CudaLaunchConfig*, nint, void**, void**, CudaError> LaunchKernelEx =>
        (delegate* unmanaged<CudaLaunchConfig*, nint, void**, void**, CudaError>)(_launchKernelEx != 0 ? _launchKernelEx : _launchKernelEx = Symbol("cuLaunchKernelEx"));

    /// <summary>Bound when first used: no other than Hopper's kernels need it.</summary>
    public delegate* unmanaged<void*, int, uint, nint, ulong*, ulong*, uint*, uint*, int, int, int, int, CudaError> TensorMapEncodeTiled =>
        (delegate* unmanaged<void*, int, uint, nint, ulong*, ulong*, uint*, uint*, int, int, int, int, CudaError>)
        Symbol("cuTensorMapEncodeTiled");

    void BindModules()
    {
        ModuleLoadData = (delegate* unmanaged<nint*, byte*, uint, int*, void**, CudaError>)Symbol("cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, CudaError>)Symbol("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, CudaError>)Symbol("cuModuleGetFunction");
        FuncGetAttribute = (delegate* unmanaged<int*, int, nint, CudaError>)Symbol("cuFuncGetAttribute");
        FuncSetAttribute = (delegate* unmanaged<nint, int, int, CudaError>)Symbol("cuFuncSetAttribute");
        OccupancyMaxActiveGroups =
            (delegate* unmanaged<int*, nint, int, nuint, CudaError>)
            Symbol("cuOccupancyMaxActiveBlocksPerMultiprocessor");
        OccupancyBestGroup =
            (delegate* unmanaged<int*, int*, nint, void*, nuint, int, CudaError>)
            Symbol("cuOccupancyMaxPotentialBlockSize");
        LaunchKernel =
            (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaError>)
            Symbol("cuLaunchKernel");
    }
}
