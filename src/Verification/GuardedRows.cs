using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Verification;

/// <summary>One layer's keys, or values, on a device between guards.</summary>
sealed class GuardedRows<TCache>(Accelerator accelerator, TCache[] packs, float[] scales) : IDisposable
    where TCache : unmanaged, ICachePack<TCache>
{
    readonly GuardedBuffer<TCache> _packs = new(accelerator, packs);
    readonly GuardedBuffer<float> _scales = new(accelerator, scales);

    public KvRows<TCache> View => new(_packs.View, _scales.View);

    /// <summary>Poisoned memory for some pages.</summary>
    public static GuardedRows<TCache> Empty(Accelerator accelerator, KvLayout layout, int pages)
    {
        TCache[] packs = new TCache[pages * layout.PageElements / default(TCache).Count];
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(packs.AsSpan()).Fill(0xFF);
        float[] scales = new float[default(TCache).IsScaled ? pages * layout.KvHeads * KvLayout.PageTokens : 0];
        Array.Fill(scales, float.NaN);
        return new GuardedRows<TCache>(accelerator, packs, scales);
    }

    /// <summary>The contents, once all that is queued is done.</summary>
    public (TCache[] Packs, float[] Scales) Read() => (_packs.Read(), _scales.Read());

    public void Dispose()
    {
        _packs.Dispose();
        _scales.Dispose();
    }
}
