namespace ILGPU.Runtime;

/// <summary>Memory of an accelerator. Freed by Dispose, or with its accelerator.</summary>
public abstract class MemoryBuffer : AcceleratorObject, IContiguousArrayView
{
    private protected MemoryBuffer(Accelerator? accelerator, long length, int elementSize)
        : base(accelerator)
    {
        Length = length;
        ElementSize = elementSize;
    }

    /// <summary>Address of the first byte, in the accelerator's address space.</summary>
    public IntPtr NativePtr { get; private protected set; }

    /// <summary>Elements.</summary>
    public long Length { get; }

    /// <summary>Bytes of one element.</summary>
    public int ElementSize { get; }

    /// <summary>Bytes.</summary>
    public long LengthInBytes => Length * ElementSize;

    MemoryBuffer IArrayView.Buffer => this;

    bool IArrayView.IsValid => !IsDisposed;

    long IContiguousArrayView.Index => 0;

    long IContiguousArrayView.IndexInBytes => 0;

    /// <summary>Whether C# may read and write the memory.</summary>
    internal abstract bool IsHostMemory { get; }

    /// <summary>Whether CUDA kernels may read and write the memory.</summary>
    internal abstract bool IsDeviceMemory { get; }

    /// <summary>The address for C#; InvalidOperationException where the memory is not the host's.</summary>
    internal IntPtr HostAddress
    {
        get
        {
            if (IsDisposed)
                throw new ObjectDisposedException(GetType().Name, "The buffer of this view was disposed.");

            return IsHostMemory
                ? NativePtr
                : throw new InvalidOperationException(
                    "The buffer lies in device memory, which C# cannot read; copy it with CopyToCPU.");
        }
    }

    /// <summary>The whole buffer as bytes.</summary>
    public ArrayView<byte> AsRawArrayView() => AsRawArrayView(0);

    /// <summary>The bytes from an offset on.</summary>
    public ArrayView<byte> AsRawArrayView(long offsetInBytes) =>
        AsRawArrayView(offsetInBytes, LengthInBytes - offsetInBytes);

    /// <summary>A range of bytes.</summary>
    public ArrayView<byte> AsRawArrayView(long offsetInBytes, long lengthInBytes) =>
        new(this, offsetInBytes, lengthInBytes);

    /// <summary>A range of elements.</summary>
    public ArrayView<T> AsArrayView<T>(long offset, long length)
        where T : unmanaged =>
        new(this, offset, length);

    /// <summary>Queues setting bytes to a value.</summary>
    public void MemSet(AcceleratorStream stream, byte value, long targetOffsetInBytes, long length) =>
        MemoryTransfer.Set(stream, AsRawArrayView(targetOffsetInBytes, length), value);

    /// <summary>Queues a copy of bytes from this buffer, as many as the target has.</summary>
    public void CopyTo(AcceleratorStream stream, long sourceOffsetInBytes, in ArrayView<byte> targetView) =>
        MemoryTransfer.Copy(stream, targetView, AsRawArrayView(sourceOffsetInBytes, targetView.Length));

    /// <summary>Queues a copy of the source's bytes into this buffer.</summary>
    public void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView, long targetOffsetInBytes) =>
        MemoryTransfer.Copy(stream, AsRawArrayView(targetOffsetInBytes, sourceView.Length), sourceView);
}
