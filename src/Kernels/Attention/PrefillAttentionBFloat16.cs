using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;
#if !ILGPU_PACKAGE
using IlgpuDca.Kernels.Hopper;
#endif

namespace IlgpuDca.Kernels.Attention;

/// <summary>Attention of the bf16 mode: tensor cores where the head size allows, else the plain kernel.</summary>
public sealed class PrefillAttentionBFloat16<TCache>(Accelerator accelerator) : PrefillAttention<BFloat16, TCache>
    where TCache : unmanaged, ITensorCorePack<TCache>
{
#if !ILGPU_PACKAGE
    readonly FlashAttentionHopper<TCache>? _hopper =
        HopperDevice.Is(accelerator) && !KernelChoice.IsWarpWide(KernelChoice.Attention) ? new(accelerator) : null;
#endif
    readonly FlashAttentionTensorCore<TCache> _tensorCore = new(accelerator);
    readonly FlashAttention<BFloat16, BFloat16Element, TCache> _plain = new(accelerator);

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<BFloat16> output, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        PrefillAttention<BFloat16, TCache> chosen = FlashAttentionTensorCore<TCache>.Supports(layout.HeadSize) ? _tensorCore : _plain;
#if !ILGPU_PACKAGE
        if (_hopper is not null && FlashAttentionHopper<TCache>.Supports(layout.HeadSize, geometry))
            chosen = _hopper;
#endif
        chosen.Run(stream, queries, keys, values, pageTable, output, start, tokens, heads, layout, geometry, scale);
    }
}
