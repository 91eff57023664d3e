using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>
/// The NVIDIA driver's library, opened once: every function that is used, resolved, and its failures as sentences.
/// Nothing else of CUDA is loaded.
/// </summary>
sealed unsafe partial class CudaDriver
{
    /// <summary>Names another library than the driver's, for tests.</summary>
    public const string LibraryVariable = "ILGPUDCA_LIBCUDA";

    /// <summary>The oldest driver that knows all functions and PTX 8.0: CUDA 12.0.</summary>
    const int MinimumVersion = 12000;

    static readonly ConcurrentDictionary<string, Lazy<CudaDriver>> Opened = new();

    readonly string _library;
    readonly nint _handle;
    readonly delegate* unmanaged<CudaError, byte**, CudaError> _getErrorName;

    CudaDriver(string library)
    {
        _library = library;
        if (!NativeLibrary.TryLoad(library, out _handle))
        {
            throw new CudaException(
                $"The NVIDIA driver's library {library} cannot be loaded, so there is no CUDA device. Fix: install the "
                + $"NVIDIA driver ({Version(MinimumVersion)} or newer), or run on the CPU.");
        }

        _getErrorName = (delegate* unmanaged<CudaError, byte**, CudaError>)Symbol("cuGetErrorName");
        var getVersion = (delegate* unmanaged<int*, CudaError>)Symbol("cuDriverGetVersion");
        int version;
        Require(getVersion(&version), "cuDriverGetVersion");
        DriverVersion = version;
        if (version < MinimumVersion)
        {
            throw new CudaException(
                $"The NVIDIA driver supports CUDA {Version(version)}; {Version(MinimumVersion)} or newer is needed. Fix: "
                + "update the driver, or run on the CPU.");
        }

        BindDevices();
        BindMemory();
        BindStreams();
        BindModules();
        var initialize = (delegate* unmanaged<uint, CudaError>)Symbol("cuInit");
        Require(initialize(0), "cuInit");
    }

    /// <summary>The CUDA version that the driver supports, 1000 · major + 10 · minor.</summary>
    public int DriverVersion { get; }

    /// <summary>The driver, opened at the first call.</summary>
    /// <exception cref="CudaException">No library, an old or incomplete one, or no usable device.</exception>
    public static CudaDriver Open()
    {
        string library = Environment.GetEnvironmentVariable(LibraryVariable) is { Length: > 0 } named
            ? named
            : OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";
        Lazy<CudaDriver> driver = Opened.GetOrAdd(library, static key => new Lazy<CudaDriver>(() => new CudaDriver(key)));
        try
        {
            return driver.Value;
        }
        catch
        {
            // A driver may come back: the next call tries again.
            Opened.TryRemove(new(library, driver));
            throw;
        }
    }

    /// <summary>Throws unless a call succeeded.</summary>
    /// <param name="error">What it returned.</param>
    /// <param name="call">Its name, and what it was asked for where that helps.</param>
    public void Require(CudaError error, string call)
    {
        if (error != CudaError.CUDA_SUCCESS)
            throw Failure(error, call);
    }

    /// <summary>The exception for a failed call: the driver's name for the error, the call, and the remedy.</summary>
    public CudaException Failure(CudaError error, string call) =>
        new(error, $"{call} failed with {ErrorName(error)} ({(int)error}). Fix: {CudaRemedy.For(error)}.");

    /// <summary>The driver's name for an error.</summary>
    public string ErrorName(CudaError error)
    {
        byte* name;
        return _getErrorName(error, &name) == CudaError.CUDA_SUCCESS
            ? Marshal.PtrToStringUTF8((nint)name) ?? error.ToString()
            : error.ToString();
    }

    /// <summary>A version as people write it, such as 12.4.</summary>
    public static string Version(int version) => $"{version / 1000}.{version % 1000 / 10}";

    nint Symbol(string name) =>
        NativeLibrary.TryGetExport(_handle, name, out nint address)
            ? address
            : throw new CudaException(
                $"The NVIDIA driver's library {_library} has no function {name}. Fix: install a driver of CUDA "
                + $"{Version(MinimumVersion)} or newer, or run on the CPU.");
}
