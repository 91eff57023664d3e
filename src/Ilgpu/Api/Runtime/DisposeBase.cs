namespace ILGPU.Util;

/// <summary>Something that frees what it holds once, when its owner disposes it.</summary>
public abstract class DisposeBase : IDisposable
{
    int _disposed;

    /// <summary>Whether Dispose was called.</summary>
    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Frees what this object holds; the second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what this object holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
