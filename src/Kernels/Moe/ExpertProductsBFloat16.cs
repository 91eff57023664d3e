using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Moe;

/// <summary>Grouped products of the bf16 mode; quantised weights become bf16 on their way to the tensor cores.</summary>
public sealed class ExpertProductsBFloat16(Accelerator accelerator) : ExpertProducts<BFloat16>
{
    readonly ExpertTensorCore<BFloat16, Gate<BFloat16, BFloat16Element>, RowsGathered> _gated = new(accelerator);
    readonly ExpertTensorCore<BFloat16, Narrowed<BFloat16, BFloat16Element>, RowsScattered> _down = new(accelerator);

    public override int TileRows => ExpertTensorCore<BFloat16, Narrowed<BFloat16, BFloat16Element>, RowsScattered>.Side;

    public override void Gated(AcceleratorStream stream, ArrayView<BFloat16> x, WeightMatrix<BFloat16> gateUp, ArrayView<BFloat16> gated, ExpertScratch scratch, ExpertShape shape) =>
        _gated.Run(stream, x, gateUp, gated, scratch.Tokens, scratch.Tiles, GateUpOf(scratch, shape));

    public override void Down(AcceleratorStream stream, ArrayView<BFloat16> gated, WeightMatrix<BFloat16> down, ArrayView<BFloat16> y, ExpertScratch scratch, ExpertShape shape) =>
        _down.Run(stream, gated, down, y, scratch.Choices, scratch.Tiles, DownOf(scratch, shape));
}
