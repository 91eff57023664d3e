using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using Bf16 = ILGPU.ArrayView<IlgpuDca.Kernels.BFloat16>;
using Fp32 = ILGPU.ArrayView<float>;

namespace IlgpuDca.Verification;

/// <summary>Products of one row with plain weights by <see cref="RowStream{TPack, TOut, TEpilogue}"/>, by so many groups.</summary>
sealed class RowStreamProducts(Accelerator accelerator, int groups) : MatMul<BFloat16>
{
    public override void Run(AcceleratorStream stream, Bf16 a, Bf16 w, Fp32 c, MatMulShape shape) =>
        Of<float, Overwrite>(stream, a, w, c, shape);

    public override void Add(AcceleratorStream stream, Bf16 a, Bf16 w, Fp32 residual, MatMulShape shape) =>
        Of<float, Accumulate>(stream, a, w, residual, shape);

    public override void Narrow(AcceleratorStream stream, Bf16 a, Bf16 w, Bf16 c, MatMulShape shape) =>
        Of<BFloat16, Narrowed<BFloat16, BFloat16Element>>(stream, a, w, c, shape);

    public override void Gated(AcceleratorStream stream, Bf16 a, Bf16 w, Bf16 c, MatMulShape shape) =>
        Of<BFloat16, Gate<BFloat16, BFloat16Element>>(stream, a, w, c, shape);

    void Of<TOut, TEpilogue>(AcceleratorStream stream, Bf16 a, Bf16 w, ArrayView<TOut> c, MatMulShape shape)
        where TOut : unmanaged
        where TEpilogue : struct, IEpilogue<TOut> =>
        new RowStream<BFloat16x8, TOut, TEpilogue>(accelerator).Run(
            stream, a.Cast<BFloat16x8>(), w.Cast<BFloat16x8>(), c, shape, groups);
}
