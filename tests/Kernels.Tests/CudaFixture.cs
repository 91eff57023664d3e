using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Kernels.Tests;

/// <summary>The first CUDA device, or why there is none.</summary>
public sealed class CudaFixture : IDisposable
{
    readonly Context _context = Context.Create(builder => builder.Cuda());

    public CudaFixture()
    {
        try
        {
            Accelerator = _context.CreateCudaAccelerator(0);
        }
        catch (CudaException problem)
        {
            Reason = problem.Message;
        }
    }

    public Accelerator? Accelerator { get; }

    public string Reason { get; } = "";

    public void Dispose()
    {
        Accelerator?.Dispose();
        _context.Dispose();
    }
}
