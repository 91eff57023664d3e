namespace ILGPU.Runtime;

/// <summary>A buffer with the view that covers it.</summary>
public abstract class MemoryBuffer<TView> : MemoryBuffer
    where TView : struct, IArrayView
{
    readonly MemoryBuffer _memory;

    private protected MemoryBuffer(MemoryBuffer memory, TView view)
        : base(memory.Accelerator, memory.Length, memory.ElementSize)
    {
        _memory = memory;
        NativePtr = memory.NativePtr;
        View = view;
    }

    /// <summary>The view of the whole buffer.</summary>
    public TView View { get; }

    /// <summary>Whether the buffer is still there.</summary>
    public bool IsValid => !IsDisposed;

    internal sealed override bool IsHostMemory => _memory.IsHostMemory;

    internal sealed override bool IsDeviceMemory => _memory.IsDeviceMemory;

    public static implicit operator TView(MemoryBuffer<TView> buffer) => buffer.View;

    /// <inheritdoc/>
    protected sealed override void DisposeAcceleratorObject(bool disposing)
    {
        NativePtr = IntPtr.Zero;
        _memory.Dispose();
    }
}
