using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>What a user can do about an error of the driver.</summary>
static class CudaRemedy
{
    /// <summary>A clause without its full stop.</summary>
    public static string For(CudaError error) => error switch
    {
        CudaError.CUDA_ERROR_NO_DEVICE =>
            "check that nvidia-smi lists a GPU and that CUDA_VISIBLE_DEVICES does not hide it, or run on the CPU",
        CudaError.CUDA_ERROR_INVALID_DEVICE =>
            "choose a device number that nvidia-smi lists",
        CudaError.CUDA_ERROR_OUT_OF_MEMORY =>
            "ask for less (a shorter context, a smaller model), or end other programs that use the GPU",
        CudaError.CUDA_ERROR_NOT_INITIALIZED or CudaError.CUDA_ERROR_DEINITIALIZED or CudaError.CUDA_ERROR_UNKNOWN
            or CudaError.CUDA_ERROR_OPERATING_SYSTEM =>
            "check the driver with nvidia-smi and restart the machine or its driver if that fails too, or run on the CPU",
        CudaError.CUDA_ERROR_NO_BINARY_FOR_GPU or CudaError.CUDA_ERROR_INVALID_PTX =>
            "update the driver: it does not know the PTX of this GPU's target",
        CudaError.CUDA_ERROR_ILLEGAL_ADDRESS or CudaError.CUDA_ERROR_MISALIGNED_ADDRESS
            or CudaError.CUDA_ERROR_INVALID_ADDRESS_SPACE or CudaError.CUDA_ERROR_LAUNCH_FAILED =>
            "a kernel left its memory and the device's context is lost: start again, with --device cpu and checking on "
            + "to find the line",
        CudaError.CUDA_ERROR_LAUNCH_TIMEOUT =>
            "the display's watchdog ended a kernel: use a GPU without a display, or smaller pieces of work",
        CudaError.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES =>
            "launch smaller groups: the kernel's registers or shared memory do not fit",
        CudaError.CUDA_ERROR_ECC_UNCORRECTABLE or CudaError.CUDA_ERROR_NVLINK_UNCORRECTABLE
            or CudaError.CUDA_ERROR_HARDWARE_STACK_ERROR =>
            "the GPU reports a hardware fault: restart the machine, and replace the GPU if it comes again",
        _ => "look the error up in the CUDA driver documentation, or run on the CPU",
    };

    /// <summary>A clause without its full stop, for PTX that ptxas refused.</summary>
    public static string ForPtx(CudaError error) => error switch
    {
        CudaError.CUDA_ERROR_INVALID_PTX =>
            "this is a fault of the compiler of kernels: keep the PTX (ilgpudca kernels) for a report, and run on the "
            + "CPU",
        _ => For(error),
    };
}
