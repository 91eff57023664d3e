using System.Runtime.InteropServices;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>
/// Something the driver made. Its owner frees it; one that was forgotten is handed back to its context, which frees it at
/// its own time: the finaliser calls no CUDA function.
/// </summary>
sealed class CudaHandle : SafeHandle
{
    readonly CudaPrimaryContext _context;
    readonly CudaHandleKind _kind;
    bool _freedByOwner;

    public CudaHandle(CudaPrimaryContext context, CudaHandleKind kind, nint value)
        : base(0, ownsHandle: true)
    {
        _context = context;
        _kind = kind;
        SetHandle(value);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The driver's handle or address.</summary>
    public nint Value => handle;

    /// <summary>Frees it now; the second call does nothing.</summary>
    public void Free()
    {
        _freedByOwner = true;
        Dispose();
    }

    protected override bool ReleaseHandle()
    {
        if (_freedByOwner)
            _context.Destroy(_kind, handle);
        else
            _context.Abandon(_kind, handle);

        return true;
    }
}
