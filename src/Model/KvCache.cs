using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Model;

/// <summary>One text's keys and values, layer by layer in pages of 128 tokens (<see cref="KvLayout"/>), and its page table.</summary>
sealed class KvCache<T> : IDisposable
    where T : unmanaged
{
    readonly List<MemoryBuffer1D<T, Stride1D.Dense>> _pages = [];
    readonly MemoryBuffer1D<int, Stride1D.Dense> _pageTable;

    public KvCache(Accelerator accelerator, KvLayout layout, int layers, int capacity)
    {
        Layout = layout;
        int pages = KvLayout.Pages(capacity);
        _pageTable = accelerator.Allocate1D(Enumerable.Range(0, pages).ToArray());
        try
        {
            for (int k = 0; k < 2 * layers; k++)
                _pages.Add(accelerator.Allocate1D<T>(pages * layout.PageElements));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public KvLayout Layout { get; }

    public ArrayView<int> PageTable => _pageTable.View;

    public ArrayView<T> Keys(int layer) => _pages[2 * layer].View;

    public ArrayView<T> Values(int layer) => _pages[2 * layer + 1].View;

    public void Dispose()
    {
        foreach (MemoryBuffer buffer in _pages)
            buffer.Dispose();
        _pageTable.Dispose();
    }
}
