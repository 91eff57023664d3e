namespace ILGPU.Runtime;

/// <summary>A one-dimensional buffer of T.</summary>
public sealed class MemoryBuffer1D<T, TStride> : MemoryBuffer<ArrayView1D<T, TStride>>
    where T : unmanaged
    where TStride : struct, IStride1D
{
    internal MemoryBuffer1D(MemoryBuffer memory, ArrayView1D<T, TStride> view)
        : base(memory, view)
    {
    }

    /// <summary>Elements, as an index.</summary>
    public LongIndex1D Extent => new(Length);

    /// <summary>Elements, as an index; OverflowException from 2^31 on.</summary>
    public Index1D IntExtent => Extent.ToIntIndex();

    public static explicit operator ArrayView<T>(MemoryBuffer1D<T, TStride> buffer) => buffer.View.BaseView;

    /// <summary>The buffer as a view without stride.</summary>
    public ArrayView<T> AsContiguous() => View.BaseView;
}
