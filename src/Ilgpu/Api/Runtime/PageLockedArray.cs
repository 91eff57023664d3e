namespace ILGPU.Runtime;

/// <summary>An array in page-locked memory of the host.</summary>
public abstract class PageLockedArray<T> : AcceleratorObject
    where T : unmanaged
{
    readonly MemoryBuffer _memory;

    private protected PageLockedArray(Accelerator accelerator, MemoryBuffer memory, long length)
        : base(accelerator)
    {
        _memory = memory;
        ArrayView = new ArrayView<T>(memory, 0, length);
    }

    /// <summary>Elements.</summary>
    public long Length => ArrayView.Length;

    /// <summary>The elements as a view that copies and kernels take.</summary>
    public ArrayView<T> ArrayView { get; }

    /// <summary>The elements; OverflowException from 2^31 on.</summary>
    public unsafe Span<T> Span => new((void*)_memory.HostAddress, ArrayView.IntLength);

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing) => _memory.Dispose();
}
