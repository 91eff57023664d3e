namespace ILGPU.Runtime.Cuda;

/// <summary>CUDA devices in contexts.</summary>
public static class CudaContextExtensions
{
    /// <summary>
    /// Adds the CUDA devices. Where there are none, the context has none, and asking for one says why.
    /// </summary>
    public static Context.Builder Cuda(this Context.Builder builder) => builder.Cuda(static (CudaDevice _) => true);

    /// <summary>Adds the CUDA devices that a predicate takes.</summary>
    public static Context.Builder Cuda(this Context.Builder builder, Predicate<CudaDevice> predicate)
    {
        try
        {
            builder.Devices.AddRange(CudaDevice.GetDevices(predicate));
        }
        catch (CudaException exception)
        {
            builder.CudaUnavailable = exception;
        }

        return builder;
    }

    /// <summary>The CUDA devices of a context.</summary>
    public static Context.DeviceCollection<CudaDevice> GetCudaDevices(this Context context) =>
        context.GetDevices<CudaDevice>();

    /// <summary>The n-th CUDA device of a context, from 0.</summary>
    /// <exception cref="CudaException">There is none at all: the message says why.</exception>
    public static CudaDevice GetCudaDevice(this Context context, int cudaDevice) =>
        context.CudaUnavailable is { } reason
            ? throw new CudaException(reason.Message, reason)
            : context.GetDevice<CudaDevice>(cudaDevice);

    /// <summary>An accelerator on the n-th CUDA device.</summary>
    public static CudaAccelerator CreateCudaAccelerator(this Context context, int cudaDevice) =>
        context.GetCudaDevice(cudaDevice).CreateCudaAccelerator(context);

    /// <summary>An accelerator on the n-th CUDA device that waits for it in a certain way.</summary>
    public static CudaAccelerator CreateCudaAccelerator(
        this Context context, int cudaDevice, CudaAcceleratorFlags acceleratorFlags) =>
        context.GetCudaDevice(cudaDevice).CreateCudaAccelerator(context, acceleratorFlags);
}
