using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Attention of the bf16 mode: tensor cores where the head size allows, else the plain kernel.</summary>
public sealed class PrefillAttentionBFloat16(Accelerator accelerator) : PrefillAttention<BFloat16>
{
    readonly FlashAttentionTensorCore _tensorCore = new(accelerator);
    readonly FlashAttention<BFloat16, BFloat16Element> _plain = new(accelerator);

    public override void Run(AcceleratorStream stream, ArrayView<BFloat16> queries, ArrayView<BFloat16> keys, ArrayView<BFloat16> values, ArrayView<int> pageTable,
        ArrayView<BFloat16> output, int start, int tokens, int heads, KvLayout layout, DcaGeometry geometry, float scale)
    {
        PrefillAttention<BFloat16> chosen = FlashAttentionTensorCore.Supports(layout.HeadSize) ? _tensorCore : _plain;
        chosen.Run(stream, queries, keys, values, pageTable, output, start, tokens, heads, layout, geometry, scale);
    }
}
