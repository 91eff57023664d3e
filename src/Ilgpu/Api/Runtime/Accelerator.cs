using System.Collections.Concurrent;
using ILGPU.Util;

namespace ILGPU.Runtime;

/// <summary>A device that runs kernels, with its memory. Disposing it frees whatever was made on it.</summary>
public abstract partial class Accelerator : DisposeBase
{
    [ThreadStatic]
    static Accelerator? t_current;

    readonly ConcurrentDictionary<AcceleratorObject, byte> _children = new();
    AcceleratorStream? _defaultStream;

    private protected Accelerator(Context context, Device device)
    {
        Context = context;
        Device = device;
    }

    /// <summary>Raised when the accelerator was disposed.</summary>
    public event EventHandler? Disposed;

    /// <summary>The accelerator bound to this thread.</summary>
    public static Accelerator? Current => t_current;

    /// <summary>What runs this code: a constant inside kernels; CPU as plain C#.</summary>
    public static AcceleratorType CurrentType => AcceleratorType.CPU;

    /// <summary>The context that made the accelerator.</summary>
    public Context Context { get; }

    /// <summary>The device.</summary>
    public Device Device { get; }

    /// <summary>What the accelerator is.</summary>
    public AcceleratorType AcceleratorType => Device.AcceleratorType;

    /// <summary>The device's name.</summary>
    public string Name => Device.Name;

    /// <summary>Bytes of device memory.</summary>
    public long MemorySize => Device.MemorySize;

    /// <summary>Lanes of a warp.</summary>
    public int WarpSize => Device.WarpSize;

    /// <summary>Multiprocessors.</summary>
    public int NumMultiprocessors => Device.NumMultiprocessors;

    /// <summary>Threads that can be resident at once.</summary>
    public int MaxNumThreads => Device.MaxNumThreads;

    /// <summary>Threads of the largest group.</summary>
    public int MaxNumThreadsPerGroup => Device.MaxNumThreadsPerGroup;

    /// <summary>Threads that can be resident on a multiprocessor.</summary>
    public int MaxNumThreadsPerMultiprocessor => Device.MaxNumThreadsPerMultiprocessor;

    /// <summary>Bytes of shared memory that a group can have, dynamic shared memory included.</summary>
    public int MaxSharedMemoryPerGroup => Device.MaxSharedMemoryPerGroup;

    /// <summary>Bytes of constant memory.</summary>
    public int MaxConstantMemory => Device.MaxConstantMemory;

    /// <summary>Groups of the largest grid.</summary>
    public Index3D MaxGridSize => Device.MaxGridSize;

    /// <summary>Threads of the largest group along each axis.</summary>
    public Index3D MaxGroupSize => Device.MaxGroupSize;

    /// <summary>The CUcontext on CUDA, zero on the CPU.</summary>
    public IntPtr NativePtr { get; private protected set; }

    /// <summary>The stream of what is queued without one.</summary>
    public AcceleratorStream DefaultStream =>
        _defaultStream ?? throw new ObjectDisposedException(Name, "The accelerator was disposed.");

    /// <summary>A new stream, which does not wait for the default stream.</summary>
    public AcceleratorStream CreateStream() => MakeStream();

    /// <summary>Waits for all streams; reports what failed.</summary>
    public void Synchronize() => SynchronizeAll();

    /// <summary>Makes this accelerator current on this thread.</summary>
    public void Bind()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        BindDevice();
        t_current = this;
    }

    /// <summary>Makes this accelerator current on this thread until the scope is disposed.</summary>
    public ScopedAcceleratorBinding BindScoped()
    {
        Accelerator? former = t_current;
        Bind();
        return new ScopedAcceleratorBinding(ReferenceEquals(former, this) ? null : former);
    }

    public override string ToString() => $"{Name} [{AcceleratorType}]";

    internal void Adopt(AcceleratorObject child)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _children.TryAdd(child, 0);
    }

    internal void Release(AcceleratorObject child) => _children.TryRemove(child, out _);

    private protected void SetDefaultStream(AcceleratorStream stream) => _defaultStream = stream;

    private protected abstract void BindDevice();

    private protected abstract AcceleratorStream MakeStream();

    private protected abstract void SynchronizeAll();

    private protected abstract void CloseDevice();

    /// <inheritdoc/>
    protected sealed override void Dispose(bool disposing)
    {
        // Views and arrays first: they free the memory below them, which then is gone from the list.
        foreach (AcceleratorObject child in _children.Keys)
            child.Dispose();

        _kernels.Clear();
        _defaultStream = null;
        CloseDevice();
        if (ReferenceEquals(t_current, this))
            t_current = null;

        Context.Release(this);
        Disposed?.Invoke(this, EventArgs.Empty);
    }
}
