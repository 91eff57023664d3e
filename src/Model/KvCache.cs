using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Model;

/// <summary>One text's keys and values, layer by layer in pages of 128 tokens (<see cref="KvLayout"/>), their scales, and its page table.</summary>
sealed class KvCache : IDisposable
{
    readonly List<MemoryBuffer1D<byte, Stride1D.Dense>> _pages = [];
    readonly List<MemoryBuffer1D<float, Stride1D.Dense>> _scales = [];
    readonly MemoryBuffer1D<int, Stride1D.Dense> _pageTable;

    /// <param name="accelerator">The device.</param>
    /// <param name="type">What rows are stored as.</param>
    /// <param name="layout">KV heads and head size.</param>
    /// <param name="plainBytes">Bytes of an element where the type is plain.</param>
    /// <param name="layers">Layers.</param>
    /// <param name="capacity">Most tokens of the text.</param>
    public KvCache(Accelerator accelerator, CacheType type, KvLayout layout, int plainBytes, int layers, int capacity)
    {
        Layout = layout;
        int pages = KvLayout.Pages(capacity);
        _pageTable = accelerator.Allocate1D(Enumerable.Range(0, pages).ToArray());
        try
        {
            for (int k = 0; k < 2 * layers; k++)
            {
                _pages.Add(accelerator.Allocate1D<byte>(pages * type.PageBytes(layout, plainBytes)));
                if (type != CacheType.Plain)
                    _scales.Add(accelerator.Allocate1D<float>(pages * type.PageScales(layout)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public KvLayout Layout { get; }

    public ArrayView<int> PageTable => _pageTable.View;

    /// <summary>A layer's keys; TCache is the type's.</summary>
    public KvRows<TCache> Keys<TCache>(int layer)
        where TCache : unmanaged, ICachePack<TCache> => Rows<TCache>(2 * layer);

    /// <summary>A layer's values.</summary>
    public KvRows<TCache> Values<TCache>(int layer)
        where TCache : unmanaged, ICachePack<TCache> => Rows<TCache>(2 * layer + 1);

    /// <summary>The memory of all layers' rows.</summary>
    public IEnumerable<ArrayView<byte>> Pages => _pages.Select(buffer => buffer.View.BaseView);

    /// <summary>All layers' scales; none where the type has none.</summary>
    public IEnumerable<ArrayView<float>> Scales => _scales.Select(buffer => buffer.View.BaseView);

    public void Dispose()
    {
        foreach (MemoryBuffer buffer in _pages.Concat<MemoryBuffer>(_scales))
            buffer.Dispose();
        _pageTable.Dispose();
    }

    KvRows<TCache> Rows<TCache>(int index)
        where TCache : unmanaged, ICachePack<TCache> =>
        new(_pages[index].View.BaseView.Cast<TCache>(), _scales.Count > 0 ? _scales[index].View.BaseView : ArrayView<float>.Empty);
}
