namespace ILGPU.Runtime;

/// <summary>Keeps an accelerator current on this thread until disposed.</summary>
public readonly struct ScopedAcceleratorBinding : IDisposable
{
    internal ScopedAcceleratorBinding(Accelerator? oldAccelerator) => OldAccelerator = oldAccelerator;

    /// <summary>The accelerator that was current before.</summary>
    public Accelerator? OldAccelerator { get; }

    /// <summary>Whether there was one.</summary>
    public bool IsRecoverable => OldAccelerator is not null;

    /// <summary>Makes the former accelerator current again.</summary>
    public void Recover() => OldAccelerator?.Bind();

    /// <inheritdoc cref="Recover"/>
    public void Dispose() => Recover();
}
