using System.Diagnostics;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Runtime.Cuda;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cuda;

/// <summary>
/// A driver library of our own, built with gcc from fake/libcuda.c: a GPU that is not there, which fails where it is told to.
/// Each instance is a copy under its own name, for a library keeps its state as long as the process.
/// </summary>
sealed partial class FakeDriver : IDisposable
{
    static readonly Lazy<string?> Built = new(BuildForAll);

    readonly List<string> _variables = [];
    readonly string _path;

    /// <summary>A driver, in place of the real one until disposed.</summary>
    /// <param name="define">A macro to build it with; empty for the complete one.</param>
    public FakeDriver(string define = "")
    {
        string? library = define.Length == 0 ? Built.Value : Build(define);
        Assert.SkipWhen(library is null, "gcc is not installed, or not for a system with ELF libraries.");
        _path = Path.Combine(Path.GetTempPath(), $"libcuda-fake-{Guid.NewGuid():n}.so");
        File.Copy(library!, _path);
        if (define.Length > 0)
            File.Delete(library!);

        Environment.SetEnvironmentVariable(CudaDriver.LibraryVariable, _path);
    }

    /// <summary>What the driver has made and not freed.</summary>
    public int Alive => Call<int>("fake_alive");

    /// <summary>Parameters of the last launch.</summary>
    public int Parameters => Call<int>("fake_parameters");

    /// <summary>Sets a variable that the library reads at each call.</summary>
    public FakeDriver With(string variable, string value)
    {
        _variables.Add(variable);
        Assert.Equal(0, SetVariable(variable, value, 1));
        return this;
    }

    /// <summary>Makes one function fail.</summary>
    public FakeDriver Failing(string function, int code) => With("FAKE_CUDA_FAIL", $"{function}:{code}");

    /// <summary>A slot of the last launch.</summary>
    public unsafe ulong Slot(int index) => ((delegate* unmanaged<int, ulong>)Export("fake_slot"))(index);

    /// <summary>The six extents of the last launch and its bytes of dynamic shared memory.</summary>
    public unsafe int[] Shape() =>
        [.. Enumerable.Range(0, 7).Select(index => (int)((delegate* unmanaged<int, uint>)Export("fake_shape"))(index))];

    /// <summary>The last attribute that a launch asked for, by the driver's number, and its value.</summary>
    public unsafe (int Identifier, int Value) Attribute()
    {
        var attribute = (delegate* unmanaged<int, int>)Export("fake_attribute");
        return (attribute(0), attribute(1));
    }

    /// <summary>A context on the fake GPU, with a compiler that writes one .param for each slot.</summary>
    public static (Context Context, CudaAccelerator Accelerator) Open(string body = "ret;")
    {
        Context context = Context.Create(builder => builder.Cuda().Profiling());
        try
        {
            CudaAccelerator accelerator = context.CreateCudaAccelerator(0);
            accelerator.Compiler = (_, request) => new PtxKernel(Text(request, body), "kernel");
            return (context, accelerator);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(CudaDriver.LibraryVariable, null);
        foreach (string variable in _variables)
            UnsetVariable(variable);

        File.Delete(_path);
    }

    static string Text(KernelRequest request, string body) =>
        ".entry kernel(\n"
        + string.Join(",\n", Enumerable.Repeat(".param .b64", ParameterPlan.Of(request.Source).SlotCount))
        + $"\n)\n{{\n    {body}\n}}\n";

    static string? BuildForAll()
    {
        string? library = Build(string.Empty);
        if (library is not null)
            AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(library);

        return library;
    }

    static string? Build(string define)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        string source = Path.Combine(AppContext.BaseDirectory, "Cuda", "fake", "libcuda.c");
        string library = Path.Combine(Path.GetTempPath(), $"libcuda-built-{Guid.NewGuid():n}.so");
        var start = new ProcessStartInfo("gcc", ["-shared", "-fPIC", "-O1", "-o", library, source])
        {
            RedirectStandardError = true,
        };
        if (define.Length > 0)
            start.ArgumentList.Add("-D" + define);

        try
        {
            using Process gcc = Process.Start(start)!;
            string errors = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            Assert.True(gcc.ExitCode == 0, errors);
            return library;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    unsafe T Call<T>(string function)
        where T : unmanaged =>
        ((delegate* unmanaged<T>)Export(function))();

    nint Export(string function) => NativeLibrary.GetExport(NativeLibrary.Load(_path), function);

    // .NET keeps its own copy of the environment, which the library does not see.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetVariable(string name);
}
