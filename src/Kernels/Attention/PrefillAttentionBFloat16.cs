using ILGPU;
using ILGPU.Runtime;
#if !ILGPU_PACKAGE
using IlgpuDca.Kernels.Hopper;
#endif

namespace IlgpuDca.Kernels.Attention;

/// <summary>Attention of the bf16 mode: tensor cores where the head size allows, else the plain kernel.</summary>
public sealed class PrefillAttentionBFloat16(Accelerator accelerator) : PrefillAttention<BFloat16>
{
#if !ILGPU_PACKAGE
    readonly FlashAttentionHopper? _hopper = HopperDevice.Is(accelerator) ? new(accelerator) : null;
#endif
    readonly FlashAttentionTensorCore _tensorCore = new(accelerator);
    readonly FlashAttention<BFloat16, BFloat16Element> _plain = new(accelerator);

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> queries, ArrayView<BFloat16> keys, ArrayView<BFloat16> values, ArrayView<int> pageTable,
        ArrayView<BFloat16> output, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        PrefillAttention<BFloat16> chosen = FlashAttentionTensorCore.Supports(layout.HeadSize) ? _tensorCore : _plain;
#if !ILGPU_PACKAGE
        if (_hopper is not null && FlashAttentionHopper.Supports(layout.HeadSize, geometry))
            chosen = _hopper;
#endif
        chosen.Run(stream, queries, keys, values, pageTable, output, start, tokens, heads, layout, geometry, scale);
    }
}
