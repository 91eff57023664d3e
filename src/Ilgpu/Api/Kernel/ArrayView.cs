using System.Runtime.CompilerServices;
using ILGPU.Runtime;

namespace ILGPU;

/// <summary>
/// A range of elements in device memory: in kernels a 64-bit pointer and a 64-bit length. As plain C# the elements
/// can be read and written where the buffer lies in host memory.
/// </summary>
public readonly struct ArrayView<T> : IContiguousArrayView<T>
    where T : unmanaged
{
    /// <summary>Bytes of one element.</summary>
    public static readonly int ElementSize = Unsafe.SizeOf<T>();

    /// <summary>No elements of no buffer.</summary>
    public static readonly ArrayView<T> Empty;

    readonly ViewStorage _storage;

    /// <summary>A range of a buffer.</summary>
    /// <param name="source">The buffer.</param>
    /// <param name="index">First element, counted in T from the start of the buffer.</param>
    /// <param name="length">Elements.</param>
    public ArrayView(MemoryBuffer source, long index, long length)
    {
        if (index < 0 || length < 0 || (index + length) * ElementSize > source.LengthInBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length),
                $"A view of {length} elements of {ElementSize} bytes from element {index} does not fit a buffer of "
                + $"{source.LengthInBytes} bytes; allocate more or view less.");
        }

        _storage = new(source, index, length);
    }

    /// <summary>Whether the view has a buffer.</summary>
    public bool IsValid => _storage.Source is not null;

    /// <summary>Elements.</summary>
    public long Length => _storage.Length;

    /// <summary>Elements; OverflowException from 2^31 on.</summary>
    public int IntLength => checked((int)_storage.Length);

    /// <summary>Bytes.</summary>
    public long LengthInBytes => _storage.Length * ElementSize;

    /// <summary>Elements, as an index.</summary>
    public LongIndex1D Extent => new(Length);

    /// <summary>Elements, as an index; OverflowException from 2^31 on.</summary>
    public Index1D IntExtent => new(IntLength);

    /// <summary>Elements lie side by side.</summary>
    public Stride1D.Dense Stride => default;

    int IArrayView.ElementSize => ElementSize;

    MemoryBuffer IArrayView.Buffer =>
        _storage.Source ?? throw new InvalidOperationException("An empty view has no buffer; pass a buffer's view.");

    long IContiguousArrayView.Index => _storage.Index;

    long IContiguousArrayView.IndexInBytes => _storage.Index * ElementSize;

    /// <summary>The element itself. As plain C#, IndexOutOfRangeException outside 0 .. Length - 1.</summary>
    public ref T this[int index] => ref HostElement(index);

    /// <summary>The element itself. As plain C#, IndexOutOfRangeException outside 0 .. Length - 1.</summary>
    public ref T this[long index] => ref HostElement(index);

    /// <summary>The element itself. As plain C#, IndexOutOfRangeException outside 0 .. Length - 1.</summary>
    public ref T this[Index1D index] => ref HostElement(index.X);

    /// <summary>The element itself. As plain C#, IndexOutOfRangeException outside 0 .. Length - 1.</summary>
    public ref T this[LongIndex1D index] => ref HostElement(index.X);

    /// <summary>The elements from an index on.</summary>
    public ArrayView<T> SubView(long index) => SubView(index, Length - index);

    /// <summary>A range of the elements.</summary>
    public ArrayView<T> SubView(int index, int length) => SubView((long)index, (long)length);

    /// <summary>A range of the elements.</summary>
    public ArrayView<T> SubView(long index, long length)
    {
        if (index < 0 || length < 0 || index + length > Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), $"Elements {index} .. {index + length} are not inside a view of {Length} elements.");
        }

        return new(new ViewStorage(_storage.Source, _storage.Index + index, length));
    }

    /// <summary>The same bytes as other elements; bytes that do not fill a last element are left out.</summary>
    public ArrayView<TOther> Cast<TOther>()
        where TOther : unmanaged
    {
        long firstByte = _storage.Index * ElementSize;
        int otherSize = ArrayView<TOther>.ElementSize;
        if (firstByte % otherSize != 0)
        {
            throw new InvalidOperationException(
                $"A view that starts at byte {firstByte} cannot be cast to elements of {otherSize} bytes; start it at a "
                + $"multiple of {otherSize}.");
        }

        return new(new ViewStorage(_storage.Source, firstByte / otherSize, LengthInBytes / otherSize));
    }

    /// <inheritdoc/>
    ArrayView<byte> IContiguousArrayView.AsRawArrayView() => Cast<byte>();

    public static implicit operator ArrayView<T>(ArrayView1D<T, Stride1D.Dense> view) => view.BaseView;

    public static implicit operator ArrayView1D<T, Stride1D.Dense>(ArrayView<T> view) =>
        new(view, view.Extent, default);

    public override string ToString() => $"{typeof(T).Name}[{Length}]";

    internal ArrayView(ViewStorage storage) => _storage = storage;

    internal ViewStorage Storage => _storage;

    unsafe ref T HostElement(long index)
    {
        if ((ulong)index >= (ulong)_storage.Length)
        {
            throw new IndexOutOfRangeException(
                $"Element {index} is not inside a view of {_storage.Length} elements.");
        }

        byte* start = (byte*)_storage.Source!.HostAddress;
        return ref Unsafe.AsRef<T>(start + (_storage.Index + index) * ElementSize);
    }
}
