using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>Dynamic shared memory of one group.</summary>
public readonly struct SharedMemoryConfig
{
    /// <summary>None.</summary>
    public static readonly SharedMemoryConfig Empty;

    /// <summary>Room for elements of a size in bytes.</summary>
    public SharedMemoryConfig(int numElements, int elementSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numElements);
        ArgumentOutOfRangeException.ThrowIfNegative(elementSize);
        NumElements = numElements;
        ElementSize = elementSize;
    }

    /// <summary>Elements.</summary>
    public int NumElements { get; }

    /// <summary>Bytes of one element.</summary>
    public int ElementSize { get; }

    /// <summary>Bytes in all.</summary>
    public int ArraySize => NumElements * ElementSize;

    /// <summary>Whether any is asked for.</summary>
    public bool UsesDynamicSharedMemory => NumElements > 0;

    /// <summary>Room for elements of T.</summary>
    public static SharedMemoryConfig RequestDynamic<T>(int numElements)
        where T : unmanaged =>
        new(numElements, Unsafe.SizeOf<T>());
}
