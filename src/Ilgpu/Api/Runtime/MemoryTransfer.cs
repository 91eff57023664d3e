namespace ILGPU.Runtime;

/// <summary>
/// Copies between buffers and the host. A CUDA stream copies in any direction, for all addresses share one space; a
/// stream of the CPU works at once and hands what touches device memory to that device.
/// </summary>
static class MemoryTransfer
{
    /// <summary>Queues a copy; both views have the same length in bytes.</summary>
    public static void Copy(AcceleratorStream stream, ArrayView<byte> target, ArrayView<byte> source)
    {
        if (target.Length != source.Length)
        {
            throw new ArgumentException(
                $"The source has {source.Length} bytes and the target {target.Length}; cut the larger one with SubView.");
        }

        if (target.Length == 0)
            return;

        MemoryBuffer to = Buffer(target);
        MemoryBuffer from = Buffer(source);
        Accelerator device = DeviceOf(stream, to, from);
        device.CopyBytes(stream, Address(target), Address(source), target.Length);
    }

    /// <summary>Queues a copy from host memory that stays where it is until the stream has done it.</summary>
    public static void FromHost(AcceleratorStream stream, ArrayView<byte> target, nint source)
    {
        if (target.Length == 0)
            return;

        MemoryBuffer to = Buffer(target);
        DeviceOf(stream, to, to).CopyBytes(stream, Address(target), source, target.Length);
    }

    /// <summary>Queues a copy to host memory that stays where it is until the stream has done it.</summary>
    public static void ToHost(AcceleratorStream stream, ArrayView<byte> source, nint target)
    {
        if (source.Length == 0)
            return;

        MemoryBuffer from = Buffer(source);
        DeviceOf(stream, from, from).CopyBytes(stream, target, Address(source), source.Length);
    }

    /// <summary>Queues setting every byte to a value.</summary>
    public static void Set(AcceleratorStream stream, ArrayView<byte> target, byte value)
    {
        if (target.Length == 0)
            return;

        MemoryBuffer to = Buffer(target);
        DeviceOf(stream, to, to).SetBytes(stream, Address(target), value, target.Length);
    }

    /// <summary>Address of the first byte in its buffer's address space.</summary>
    public static nint Address(ArrayView<byte> view) => Buffer(view).NativePtr + (nint)view.Storage.Index;

    static MemoryBuffer Buffer(ArrayView<byte> view)
    {
        MemoryBuffer buffer = ((IArrayView)view).Buffer;
        ObjectDisposedException.ThrowIf(buffer.IsDisposed, buffer);
        return buffer;
    }

    static Accelerator DeviceOf(AcceleratorStream stream, MemoryBuffer first, MemoryBuffer second)
    {
        Accelerator owner = stream.Accelerator;
        if (owner.AcceleratorType != AcceleratorType.CPU)
            return owner;
        if (!first.IsHostMemory)
            return first.Accelerator;

        return second.IsHostMemory ? owner : second.Accelerator;
    }
}
