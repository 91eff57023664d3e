using System.Diagnostics.CodeAnalysis;
using ILGPU.Util;

namespace ILGPU.Runtime;

/// <summary>Something that lives on an accelerator and ends with it at the latest.</summary>
public abstract class AcceleratorObject : DisposeBase
{
    readonly Accelerator? _accelerator;

    private protected AcceleratorObject(Accelerator? accelerator)
    {
        _accelerator = accelerator;
        accelerator?.Adopt(this);
    }

    /// <summary>The accelerator; InvalidOperationException for memory of the host that belongs to none.</summary>
    public Accelerator Accelerator => _accelerator
        ?? throw new InvalidOperationException("Local arrays of plain C# belong to no accelerator; use a buffer.");

    /// <summary>What the accelerator is; CPU for memory of the host that belongs to none.</summary>
    public AcceleratorType AcceleratorType => _accelerator?.AcceleratorType ?? AcceleratorType.CPU;

    internal bool TryGetAccelerator([NotNullWhen(true)] out Accelerator? accelerator)
    {
        accelerator = _accelerator;
        return accelerator is not null;
    }

    /// <summary>Frees what this object holds.</summary>
    protected abstract void DisposeAcceleratorObject(bool disposing);

    /// <inheritdoc/>
    protected sealed override void Dispose(bool disposing)
    {
        DisposeAcceleratorObject(disposing);
        _accelerator?.Release(this);
    }
}
