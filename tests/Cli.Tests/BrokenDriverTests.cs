using System.Diagnostics;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>A driver that is old, fails or runs out of memory, built with gcc: exit code 4 and a sentence, never a stack trace.</summary>
public sealed class BrokenDriverTests : IDisposable
{
    readonly string _library = Path.Combine(Path.GetTempPath(), $"libcuda-cli-{Guid.NewGuid():n}.so");

    public void Dispose() => File.Delete(_library);

    [Theory]
    [InlineData("FAKE_CUDA_VERSION=11040", "12.0")]
    [InlineData("FAKE_CUDA_DEVICES=0", "--device cuda")]
    [InlineData("FAKE_CUDA_CAPABILITY=75", "8.0")]
    [InlineData("FAKE_CUDA_FAIL=cuInit:999", "cuInit")]
    [InlineData("FAKE_CUDA_FAIL=cuDevicePrimaryCtxRetain:999", "cuDevicePrimaryCtxRetain")]
    [InlineData("FAKE_CUDA_FAIL=cuMemAlloc_v2:2", "bytes")]
    [InlineData("FAKE_CUDA_FAIL=cuMemcpyAsync:700", "cuMemcpyAsync")]
    [InlineData("FAKE_CUDA_FAIL=cuModuleLoadDataEx:218", "PTX")]
    [InlineData("FAKE_CUDA_FAIL=cuLaunchKernel:700", "cuLaunchKernel")]
    [InlineData("FAKE_CUDA_FAIL=cuStreamSynchronize:700", "cuStreamSynchronize")]
    public void ABrokenDriverEndsWithCodeFour(string setting, string named)
    {
        Build();
        ProcessResult result = Ilgpudca.Shell($"ILGPUDCA_LIBCUDA={_library} {setting} \"$1\" generate -p x -n 1 --device cuda");
        Ilgpudca.IsSentence(result, 4, named);
    }

    [Fact]
    public void WithoutAUsableGpuAutoTakesTheCpuAndSaysWhy()
    {
        Build();
        ProcessResult result = Ilgpudca.Shell($"ILGPUDCA_LIBCUDA={_library} FAKE_CUDA_VERSION=11040 \"$1\" generate -p x -n 1 --temp 0");
        Assert.Equal(0, result.Code);
        Assert.Contains("12.0", result.Errors, StringComparison.Ordinal);
    }

    void Build()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the fake driver is an ELF library.");
        ProcessStartInfo start = new("gcc", ["-shared", "-fPIC", "-O1", "-o", _library, Path.Combine(AppContext.BaseDirectory, "fake", "libcuda.c")])
        {
            RedirectStandardError = true,
        };
        try
        {
            using Process gcc = Process.Start(start)!;
            string errors = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            Assert.True(gcc.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("gcc is not installed.");
        }
    }
}
