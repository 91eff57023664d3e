using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Moe;

/// <summary>Grouped products of the float32 mode; of quantised weights the experts that have tokens are unpacked first.</summary>
/// <param name="accelerator">The device.</param>
/// <param name="unpacked">Where weights are unpacked.</param>
public sealed class ExpertProductsFloat32(Accelerator accelerator, UnpackedWeights<float, Float32Element> unpacked) : ExpertProducts<float>
{
    readonly ExpertTile<float, Float32Element, float, Gate<float, Float32Element>, RowsGathered> _gated = new(accelerator);
    readonly ExpertTile<float, Float32Element, float, Overwrite, RowsScattered> _down = new(accelerator);

    public override int TileRows => ExpertTile<float, Float32Element, float, Overwrite, RowsScattered>.Side;

    public override void Gated(AcceleratorStream stream, ArrayView<float> x, WeightMatrix<float> gateUp, ArrayView<float> gated, ExpertScratch scratch, ExpertShape shape) =>
        _gated.Run(stream, x, unpacked.OfExperts(stream, gateUp, scratch.Counts), gated, scratch.Tokens, scratch.Tiles, GateUpOf(scratch, shape));

    public override void Down(AcceleratorStream stream, ArrayView<float> gated, WeightMatrix<float> down, ArrayView<float> y, ExpertScratch scratch, ExpertShape shape) =>
        _down.Run(stream, gated, unpacked.OfExperts(stream, down, scratch.Counts), y, scratch.Choices, scratch.Tiles, DownOf(scratch, shape));
}
