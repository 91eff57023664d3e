using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>c = a · wᵀ in bf16 with float32 sums, c rounded to bf16: operations count for many rows, the weights' bytes for one.</summary>
sealed class ProductBenchmark : KernelBenchmark
{
    readonly MatMulBFloat16 _matMul;
    readonly MatMulShape _shape;
    readonly ArrayView<BFloat16>[] _a, _w;
    readonly ArrayView<BFloat16> _c;

    public ProductBenchmark(ComputeDevice device, MatMulShape shape)
        : base(device, shape.Rows == 1 ? KernelGroup.Gemv : KernelGroup.Gemm, NameOf(shape),
            2d * shape.Rows * shape.Columns * shape.Inner, 2L * (shape.Rows + shape.Columns) * shape.Inner)
    {
        _shape = shape;
        _matMul = new MatMulBFloat16(Accelerator);
        _a = Random((long)shape.Rows * shape.Inner);
        _w = Random((long)shape.Columns * shape.Inner);
        _c = Allocate<BFloat16>((long)shape.Rows * shape.Columns);
    }

    /// <summary>"gemm MxNxK", or "gemv NxK" for one row.</summary>
    public static string NameOf(MatMulShape shape) => shape.Rows == 1
        ? $"gemv {shape.Columns}x{shape.Inner}"
        : $"gemm {shape.Rows}x{shape.Columns}x{shape.Inner}";

    public override void Launch(AcceleratorStream stream, int input) => _matMul.Narrow(stream, _a[input], _w[input], _c, _shape);
}
