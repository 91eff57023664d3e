using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.Moe;

/// <summary>Grouped products of the float32 mode.</summary>
public sealed class ExpertProductsFloat32(Accelerator accelerator) : ExpertProducts<float>
{
    readonly ExpertTile<float, Float32Element, float, Gate<float, Float32Element>, RowsGathered> _gated = new(accelerator);
    readonly ExpertTile<float, Float32Element, float, Overwrite, RowsScattered> _down = new(accelerator);

    public override int TileRows => ExpertTile<float, Float32Element, float, Overwrite, RowsScattered>.Side;

    public override void Gated(AcceleratorStream stream, ArrayView<float> x, ArrayView<float> gateUp, ArrayView<float> gated, ExpertScratch scratch, ExpertShape shape) =>
        _gated.Run(stream, x, gateUp, gated, scratch.Tokens, scratch.Tiles, GateUpOf(scratch, shape));

    public override void Down(AcceleratorStream stream, ArrayView<float> gated, ArrayView<float> down, ArrayView<float> y, ExpertScratch scratch, ExpertShape shape) =>
        _down.Run(stream, gated, down, y, scratch.Choices, scratch.Tiles, DownOf(scratch, shape));
}
