using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>A module that the driver compiled from PTX.</summary>
sealed unsafe partial class CudaModule
{
    const int LogBytes = 32 * 1024;

    // Of the driver's CUjit_option.
    const int InfoLogBuffer = 3, InfoLogSize = 4, ErrorLogBuffer = 5, ErrorLogSize = 6, LogVerbose = 12;

    readonly CudaHandle _handle;

    CudaModule(CudaHandle handle, string infoLog)
    {
        _handle = handle;
        InfoLog = infoLog;
    }

    /// <summary>The CUmodule.</summary>
    public nint Handle => _handle.Value;

    /// <summary>What ptxas said: registers, spills, and warnings such as C7510.</summary>
    public string InfoLog { get; }

    /// <summary>Compiles PTX for the context's device.</summary>
    /// <exception cref="CudaException">ptxas refused it: the message has its log and the line it names.</exception>
    public static CudaModule Load(CudaPrimaryContext context, string kernelName, string ptx)
    {
        CudaDriver driver = context.Driver;
        byte[] text = Encoding.UTF8.GetBytes(ptx + '\0');
        byte[] info = new byte[LogBytes], errors = new byte[LogBytes];
        nint module;
        CudaError error;
        fixed (byte* textStart = text, infoStart = info, errorStart = errors)
        {
            int* options = stackalloc int[] { InfoLogBuffer, InfoLogSize, ErrorLogBuffer, ErrorLogSize, LogVerbose };
            void** values = stackalloc void*[]
            {
                infoStart, (void*)LogBytes, errorStart, (void*)LogBytes, (void*)1,
            };
            error = driver.ModuleLoadData(&module, textStart, 5, options, values);
        }

        if (error != CudaError.CUDA_SUCCESS)
            throw Refused(driver, error, kernelName, ptx, LogText(errors));

        return new CudaModule(context.Own(CudaHandleKind.Module, module), LogText(info));
    }

    /// <summary>An entry point of the module.</summary>
    public nint Function(CudaDriver driver, string entryPoint)
    {
        nint function;
        fixed (byte* name = Encoding.UTF8.GetBytes(entryPoint + '\0'))
            driver.Require(driver.ModuleGetFunction(&function, Handle, name), $"cuModuleGetFunction {entryPoint}");

        return function;
    }

    /// <summary>Unloads the module.</summary>
    public void Unload() => _handle.Free();

    static CudaException Refused(CudaDriver driver, CudaError error, string kernelName, string ptx, string log)
    {
        string place = string.Empty;
        if (LineNumber().Match(log) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out int line)
            && ptx.Split('\n') is { } lines && line >= 1 && line <= lines.Length)
        {
            place = $" Line {line} is '{lines[line - 1].Trim()}'.";
        }

        return new CudaException(
            error,
            $"{kernelName}: the driver cannot compile its PTX, {driver.ErrorName(error)} ({(int)error}): {log.Trim()}"
            + $"{place} Fix: {CudaRemedy.ForPtx(error)}.");
    }

    static string LogText(byte[] log)
    {
        int end = Array.IndexOf(log, (byte)0);
        return Encoding.UTF8.GetString(log, 0, end < 0 ? log.Length : end);
    }

    [GeneratedRegex(@"line (\d+)")]
    private static partial Regex LineNumber();
}
