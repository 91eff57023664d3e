using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>Devices and contexts: the driver's functions, parameters as in its header.</summary>
unsafe partial class CudaDriver
{
    public delegate* unmanaged<int*, CudaError> DeviceGetCount { get; private set; }

    public delegate* unmanaged<int*, int, CudaError> DeviceGet { get; private set; }

    public delegate* unmanaged<byte*, int, int, CudaError> DeviceGetName { get; private set; }

    public delegate* unmanaged<nuint*, int, CudaError> DeviceTotalMem { get; private set; }

    public delegate* unmanaged<int*, int, int, CudaError> DeviceGetAttribute { get; private set; }

    public delegate* unmanaged<int*, int, int, CudaError> DeviceCanAccessPeer { get; private set; }

    public delegate* unmanaged<int, uint, CudaError> DevicePrimaryCtxSetFlags { get; private set; }

    public delegate* unmanaged<nint*, int, CudaError> DevicePrimaryCtxRetain { get; private set; }

    public delegate* unmanaged<int, CudaError> DevicePrimaryCtxRelease { get; private set; }

    public delegate* unmanaged<nint, CudaError> CtxSetCurrent { get; private set; }

    public delegate* unmanaged<CudaError> CtxSynchronize { get; private set; }

    public delegate* unmanaged<nint, uint, CudaError> CtxEnablePeerAccess { get; private set; }

    public delegate* unmanaged<nint, CudaError> CtxDisablePeerAccess { get; private set; }

    void BindDevices()
    {
        DeviceGetCount = (delegate* unmanaged<int*, CudaError>)Symbol("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, CudaError>)Symbol("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, CudaError>)Symbol("cuDeviceGetName");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, CudaError>)Symbol("cuDeviceTotalMem_v2");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, CudaError>)Symbol("cuDeviceGetAttribute");
        DeviceCanAccessPeer = (delegate* unmanaged<int*, int, int, CudaError>)Symbol("cuDeviceCanAccessPeer");
        DevicePrimaryCtxSetFlags = (delegate* unmanaged<int, uint, CudaError>)Symbol("cuDevicePrimaryCtxSetFlags_v2");
        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, CudaError>)Symbol("cuDevicePrimaryCtxRetain");
        DevicePrimaryCtxRelease = (delegate* unmanaged<int, CudaError>)Symbol("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, CudaError>)Symbol("cuCtxSetCurrent");
        CtxSynchronize = (delegate* unmanaged<CudaError>)Symbol("cuCtxSynchronize");
        CtxEnablePeerAccess = (delegate* unmanaged<nint, uint, CudaError>)Symbol("cuCtxEnablePeerAccess");
        CtxDisablePeerAccess = (delegate* unmanaged<nint, CudaError>)Symbol("cuCtxDisablePeerAccess");
    }
}
