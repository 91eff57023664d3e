using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace IlgpuDca.Kernels.Tests;

/// <summary>The CPU accelerator with all its checks, shared by the tests so that each kernel is compiled once.</summary>
public sealed class CpuFixture : IDisposable
{
    readonly Context _context = Context.Create(builder => builder.CPU().Assertions());

    public CpuFixture() => Accelerator = _context.CreateCPUAccelerator(0);

    public Accelerator Accelerator { get; }

    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }
}
