namespace ILGPU.Runtime;

/// <summary>A one-dimensional array in page-locked memory of the host.</summary>
public sealed class PageLockedArray1D<T> : PageLockedArray<T>
    where T : unmanaged
{
    internal PageLockedArray1D(Accelerator accelerator, MemoryBuffer memory, long length)
        : base(accelerator, memory, length)
    {
    }

    /// <summary>Elements, as an index.</summary>
    public LongIndex1D Extent => new(Length);

    /// <summary>The element itself.</summary>
    public ref T this[int index] => ref ArrayView[index];

    /// <summary>The element itself.</summary>
    public ref T this[long index] => ref ArrayView[index];

    /// <summary>A copy of the elements.</summary>
    public T[] GetArray() => Span.ToArray();
}
