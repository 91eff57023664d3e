using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace ILGPU.Runtime.Cuda;

/// <summary>What to say when memory was refused.</summary>
static class CudaAllocation
{
    const double BytesPerGigabyte = 1e9;

    /// <summary>The exception for a refused allocation.</summary>
    /// <param name="accelerator">Where.</param>
    /// <param name="error">What the driver returned.</param>
    /// <param name="call">The driver's function.</param>
    /// <param name="bytes">What was asked for.</param>
    public static CudaException Failure(CudaAccelerator accelerator, CudaError error, string call, long bytes)
    {
        CudaDriver driver = accelerator.PrimaryContext.Driver;
        if (error != CudaError.CUDA_ERROR_OUT_OF_MEMORY)
            return driver.Failure(error, $"{call} of {bytes} bytes");

        (long free, long total) = accelerator.MemoryInfo();
        return new CudaException(
            error,
            $"{call} asked for {bytes} bytes ({bytes / BytesPerGigabyte:f2} GB), but {accelerator.Name} has "
            + $"{free / BytesPerGigabyte:f2} GB free of {total / BytesPerGigabyte:f2} GB "
            + $"({driver.ErrorName(error)}). Fix: {CudaRemedy.For(error)}.");
    }
}
