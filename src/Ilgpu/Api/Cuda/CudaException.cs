namespace ILGPU.Runtime.Cuda;

/// <summary>CUDA failed: the message names the call, the driver's error and the remedy.</summary>
public sealed class CudaException : AcceleratorException
{
    /// <summary>A failure that the driver did not describe.</summary>
    public CudaException()
        : this(CudaError.CUDA_ERROR_UNKNOWN)
    {
    }

    /// <summary>A failure that the driver reported.</summary>
    public CudaException(CudaError error)
        : this(error, error.ToString())
    {
    }

    /// <summary>A failure before the driver could report one.</summary>
    public CudaException(string message)
        : this(CudaError.CUDA_ERROR_UNKNOWN, message)
    {
    }

    /// <summary>A failure before the driver could report one, and its cause.</summary>
    public CudaException(string message, Exception innerException)
        : base(message, innerException)
    {
        Error = CudaError.CUDA_ERROR_UNKNOWN.ToString();
    }

    internal CudaException(CudaError error, string message)
        : base(message)
    {
        Error = error.ToString();
    }

    /// <summary>Name of the error.</summary>
    public string Error { get; }

    /// <inheritdoc/>
    public override AcceleratorType AcceleratorType => AcceleratorType.Cuda;

    /// <summary>Throws unless a call succeeded.</summary>
    public static void ThrowIfFailed(CudaError cudaStatus)
    {
        if (cudaStatus != CudaError.CUDA_SUCCESS)
            throw new CudaException(cudaStatus);
    }
}
