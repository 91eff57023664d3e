namespace ILGPU.Runtime;

/// <summary>Page-locked memory of the host, which a device copies from and to without a detour.</summary>
public abstract class PageLockScope<T> : AcceleratorObject
    where T : unmanaged
{
    private protected PageLockScope(Accelerator accelerator, nint address, long length)
        : base(accelerator)
    {
        AddrOfLockedObject = address;
        Length = length;
    }

    /// <summary>Address of the first byte.</summary>
    public IntPtr AddrOfLockedObject { get; }

    /// <summary>Elements.</summary>
    public long Length { get; }

    /// <summary>Bytes.</summary>
    public long LengthInBytes => Length * ArrayView<T>.ElementSize;
}
