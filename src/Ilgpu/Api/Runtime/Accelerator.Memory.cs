using System.Runtime.InteropServices;

namespace ILGPU.Runtime;

/// <summary>Memory of the accelerator and page-locked memory of the host.</summary>
partial class Accelerator
{
    /// <summary>A buffer of elements; its contents are undefined.</summary>
    /// <param name="length">Elements.</param>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(long length)
        where T : unmanaged
    {
        MemoryBuffer memory = AllocateRaw(length, ArrayView<T>.ElementSize);
        return new MemoryBuffer1D<T, Stride1D.Dense>(memory, new ArrayView<T>(memory, 0, length));
    }

    /// <summary>A buffer of elements of a size in bytes; its contents are undefined.</summary>
    public MemoryBuffer AllocateRaw(long length, int elementSize)
    {
        RequireSize(length, elementSize);
        return MakeBuffer(length, elementSize);
    }

    /// <summary>Locks memory that the caller keeps pinned until the scope is disposed.</summary>
    /// <param name="pinned">Address of the first element.</param>
    /// <param name="numElements">Elements.</param>
    public PageLockScope<T> CreatePageLockFromPinned<T>(IntPtr pinned, long numElements)
        where T : unmanaged
    {
        RequireSize(numElements, ArrayView<T>.ElementSize);
        return MakePageLock<T>(pinned, numElements);
    }

    /// <summary>Locks an array that was allocated pinned (GC.AllocateArray) or is held by a pinning handle.</summary>
    public PageLockScope<T> CreatePageLockFromPinned<T>(T[] pinned)
        where T : unmanaged =>
        CreatePageLockFromPinned<T>(Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), pinned.LongLength);

    /// <summary>Whether this device can read the other's memory.</summary>
    public bool CanAccessPeer(Accelerator other) => Peers(other) && QueryPeer(other);

    /// <summary>Whether reading the other's memory was enabled.</summary>
    public bool HasPeerAccess(Accelerator other)
    {
        lock (_peers)
            return _peers.Contains(other);
    }

    /// <summary>Lets kernels of this device read the other's memory; false where the hardware cannot.</summary>
    public bool EnablePeerAccess(Accelerator other)
    {
        if (HasPeerAccess(other))
            return true;
        if (!CanAccessPeer(other))
            return false;

        SetPeer(other, enable: true);
        lock (_peers)
            _peers.Add(other);

        return true;
    }

    /// <summary>Enables both directions; false where the hardware cannot.</summary>
    public bool EnableBidirectionalPeerAccess(Accelerator other) =>
        EnablePeerAccess(other) && other.EnablePeerAccess(this);

    /// <summary>Ends the access; false where there was none.</summary>
    public bool DisablePeerAccess(Accelerator other)
    {
        lock (_peers)
        {
            if (!_peers.Remove(other))
                return false;
        }

        SetPeer(other, enable: false);
        return true;
    }

    readonly HashSet<Accelerator> _peers = [];

    internal abstract void CopyBytes(AcceleratorStream stream, nint target, nint source, long bytes);

    internal abstract void SetBytes(AcceleratorStream stream, nint target, byte value, long bytes);

    internal MemoryBuffer AllocatePageLocked(long length, int elementSize)
    {
        RequireSize(length, elementSize);
        return MakePageLockedBuffer(length, elementSize);
    }

    private protected abstract MemoryBuffer MakeBuffer(long length, int elementSize);

    private protected abstract MemoryBuffer MakePageLockedBuffer(long length, int elementSize);

    private protected abstract PageLockScope<T> MakePageLock<T>(nint pinned, long length)
        where T : unmanaged;

    private protected abstract bool QueryPeer(Accelerator other);

    private protected abstract void SetPeer(Accelerator other, bool enable);

    bool Peers(Accelerator other) => !ReferenceEquals(this, other) && AcceleratorType == other.AcceleratorType;

    static void RequireSize(long length, int elementSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(elementSize);
        if (length > long.MaxValue / elementSize)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"{length} elements of {elementSize} bytes exceed 2^63 bytes; ask for fewer.");
        }
    }
}
