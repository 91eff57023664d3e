using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention;

/// <summary>Decode attention of the bf16 mode: tensor cores where they pay, else the plain kernel.</summary>
public sealed class DecodingAttentionBFloat16<TCache>(Accelerator accelerator) : DecodingAttention<BFloat16, TCache>
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    readonly FlashDecoding<BFloat16, BFloat16Element, BFloat16x8, TCache> _plain = new(accelerator);
    readonly FlashDecodingTensorCore<TCache> _tensorCore = new(accelerator);

    public override int Splits(int tokens, int heads, KvLayout layout) =>
        FlashDecodingTensorCore<TCache>.Supports(heads, layout) ? _tensorCore.Splits(tokens, layout) : _plain.Splits(tokens, heads, layout);

    protected internal override void Launch(AcceleratorStream stream, ArrayView<BFloat16> queries, KvRows<TCache> keys, KvRows<TCache> values, ArrayView<int> pageTable,
        ArrayView<int> position, DecodingScratch scratch, ArrayView<BFloat16> output, int splits, AttentionSizes sizes)
    {
        if (FlashDecodingTensorCore<TCache>.Supports(sizes.Heads, new KvLayout(sizes.KvHeads, sizes.HeadSize)))
            _tensorCore.Run(stream, queries.Cast<BFloat16x8>(), keys, values, pageTable, position, scratch, output, splits, sizes);
        else
            _plain.Launch(stream, queries, keys, values, pageTable, position, scratch, output, splits, sizes);
    }
}
