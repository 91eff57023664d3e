namespace ILGPU.Runtime;

/// <summary>
/// Fills the slots of one launch: the leaves of the arguments, and after them the specialized values.
/// </summary>
ref struct SlotWriter
{
    readonly Span<ulong> _slots;
    readonly Kernel _kernel;
    int _next;
    int _nextSpecialized;

    public SlotWriter(Kernel kernel, Span<ulong> slots)
    {
        _kernel = kernel;
        _slots = slots;
        _nextSpecialized = kernel.Plan.SlotCount;
    }

    /// <summary>Appends a leaf.</summary>
    public void Add(ulong slot) => _slots[_next++] = slot;

    /// <summary>Appends a leaf of a specialized value.</summary>
    public void AddSpecialized(ulong slot) => _slots[_nextSpecialized++] = slot;

    /// <summary>The address that a view has for the kernel's accelerator; 0 for an empty view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="elementSize">Bytes of its elements.</param>
    public readonly ulong Address(in ViewStorage view, int elementSize)
    {
        if (view.Source is not { } buffer)
            return 0;

        ObjectDisposedException.ThrowIf(buffer.IsDisposed, buffer);
        if (_kernel.AcceleratorType == AcceleratorType.CPU ? !buffer.IsHostMemory : !buffer.IsDeviceMemory)
        {
            throw new ArgumentException(
                $"{_kernel.Source.Name}: argument leaf {_next} is a view of {buffer.AcceleratorType} memory, which a "
                + $"kernel on {_kernel.AcceleratorType} cannot reach; copy it into a buffer of "
                + $"{_kernel.Accelerator.Name}.");
        }

        return (ulong)(buffer.NativePtr + view.Index * elementSize);
    }
}
