using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using ILGPU.Runtime;
using ILGPU.Util;

namespace ILGPU;

/// <summary>The devices of this machine that were asked for. Disposing it disposes their accelerators.</summary>
public sealed partial class Context : DisposeBase, IEnumerable<Device>
{
    readonly ConcurrentDictionary<Accelerator, byte> _accelerators = new();

    Context(Builder builder)
    {
        Properties = builder.Properties;
        Devices = [.. builder.Devices];
        CudaUnavailable = builder.CudaUnavailable;
    }

    /// <summary>Raised when an accelerator was made.</summary>
    public event EventHandler<Accelerator>? AcceleratorCreated;

    /// <summary>The devices, CUDA devices first where all were asked for.</summary>
    public ImmutableArray<Device> Devices { get; }

    /// <summary>What the context was built with.</summary>
    public ContextProperties Properties { get; }

    /// <summary>Why no CUDA device was found; null where one was, or none was asked for.</summary>
    internal Exception? CudaUnavailable { get; }

    /// <summary>Starts a context.</summary>
    public static Builder Create() => new();

    /// <summary>Builds a context.</summary>
    public static Context Create(Action<Builder> buildingCallback)
    {
        Builder builder = Create();
        buildingCallback(builder);
        return builder.ToContext();
    }

    /// <summary>A context with all devices.</summary>
    public static Context CreateDefault() => Create(builder => builder.Default());

    /// <summary>The devices of a kind.</summary>
    public DeviceCollection<TDevice> GetDevices<TDevice>()
        where TDevice : Device =>
        new([.. Devices.OfType<TDevice>()]);

    /// <summary>The n-th device of a kind, from 0.</summary>
    public TDevice GetDevice<TDevice>(int deviceIndex)
        where TDevice : Device
    {
        DeviceCollection<TDevice> devices = GetDevices<TDevice>();
        if ((uint)deviceIndex < (uint)devices.Count)
            return devices[deviceIndex];

        throw new ArgumentOutOfRangeException(
            nameof(deviceIndex),
            deviceIndex,
            $"The context has {devices.Count} devices of kind {typeof(TDevice).Name}, numbered from 0.");
    }

    /// <summary>The CPU, or the first device that is none where there is one.</summary>
    public Device GetPreferredDevice(bool preferCPU) =>
        Devices.FirstOrDefault(device => device.AcceleratorType == AcceleratorType.CPU == preferCPU)
        ?? Devices.FirstOrDefault()
        ?? throw new InvalidOperationException("The context has no devices; build it with Cuda() or CPU().");

    /// <summary>Enumerates the devices.</summary>
    public ImmutableArray<Device>.Enumerator GetEnumerator() => Devices.GetEnumerator();

    IEnumerator<Device> IEnumerable<Device>.GetEnumerator() => ((IEnumerable<Device>)Devices).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)Devices).GetEnumerator();

    internal void Register(Accelerator accelerator)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _accelerators.TryAdd(accelerator, 0);
        AcceleratorCreated?.Invoke(this, accelerator);
    }

    internal void Release(Accelerator accelerator) => _accelerators.TryRemove(accelerator, out _);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (Accelerator accelerator in _accelerators.Keys)
            accelerator.Dispose();
    }
}
