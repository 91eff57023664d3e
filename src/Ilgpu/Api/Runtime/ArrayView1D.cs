namespace ILGPU.Runtime;

/// <summary>A one-dimensional view with its stride; kernels see the pointer and the length alone.</summary>
public readonly struct ArrayView1D<T, TStride> : IContiguousArrayView<T>
    where T : unmanaged
    where TStride : struct, IStride1D
{
    /// <summary>Bytes of one element.</summary>
    public static readonly int ElementSize = ArrayView<T>.ElementSize;

    /// <summary>No elements of no buffer.</summary>
    public static readonly ArrayView1D<T, TStride> Empty;

    /// <summary>A view with its stride.</summary>
    /// <param name="baseView">The elements.</param>
    /// <param name="extent">Elements along x; at most those of the base view.</param>
    /// <param name="stride">How indices map to elements.</param>
    public ArrayView1D(ArrayView<T> baseView, LongIndex1D extent, TStride stride)
    {
        BaseView = extent.X == baseView.Length ? baseView : baseView.SubView(0, extent.X);
    }

    /// <summary>The elements.</summary>
    public ArrayView<T> BaseView { get; }

    /// <summary>How indices map to elements.</summary>
    public TStride Stride => default;

    /// <summary>Whether the view has a buffer.</summary>
    public bool IsValid => BaseView.IsValid;

    /// <summary>Elements.</summary>
    public long Length => BaseView.Length;

    /// <summary>Elements; OverflowException from 2^31 on.</summary>
    public int IntLength => BaseView.IntLength;

    /// <summary>Bytes.</summary>
    public long LengthInBytes => BaseView.LengthInBytes;

    /// <summary>Elements, as an index.</summary>
    public LongIndex1D Extent => BaseView.Extent;

    /// <summary>Elements, as an index; OverflowException from 2^31 on.</summary>
    public Index1D IntExtent => BaseView.IntExtent;

    int IArrayView.ElementSize => ElementSize;

    MemoryBuffer IArrayView.Buffer => Contiguous(BaseView).Buffer;

    long IContiguousArrayView.Index => Contiguous(BaseView).Index;

    long IContiguousArrayView.IndexInBytes => Contiguous(BaseView).IndexInBytes;

    /// <summary>The element itself.</summary>
    public ref T this[Index1D index] => ref BaseView[index];

    /// <summary>The element itself.</summary>
    public ref T this[LongIndex1D index] => ref BaseView[index];

    /// <summary>A range of the elements.</summary>
    public ArrayView1D<T, TStride> SubView(Index1D index, Index1D extent) => SubView((long)index.X, (long)extent.X);

    /// <summary>A range of the elements.</summary>
    public ArrayView1D<T, TStride> SubView(LongIndex1D index, LongIndex1D extent) =>
        new(BaseView.SubView(index.X, extent.X), extent, default);

    /// <summary>The elements as a view without stride.</summary>
    public ArrayView<T> AsContiguous() => BaseView;

    /// <inheritdoc/>
    ArrayView<byte> IContiguousArrayView.AsRawArrayView() => BaseView.Cast<byte>();

    public override string ToString() => BaseView.ToString();

    static IContiguousArrayView Contiguous(ArrayView<T> view) => view;
}
