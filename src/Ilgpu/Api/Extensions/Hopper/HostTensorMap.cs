using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>What a <see cref="TensorMap"/> says, readable: 128 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
readonly struct HostTensorMap
{
    const int MaxRank = 5;

#pragma warning disable CS0169, IDE0051 // The last words fill up to 128 bytes.
    readonly nint _address;
    readonly Extents _extents;
    readonly Extents _strides;
    readonly Box _box;
    readonly int _facts;
    readonly Int128 _reserved;
#pragma warning restore CS0169, IDE0051

    public HostTensorMap(nint address, int elementSize, bool isFloat, ReadOnlySpan<long> extents, ReadOnlySpan<long> strides, ReadOnlySpan<int> box, SharedSwizzle swizzle)
    {
        _address = address;
        _facts = extents.Length | elementSize << 8 | (int)swizzle << 16 | (isFloat ? 1 << 24 : 0);
        for (int k = 0; k < extents.Length; k++)
        {
            _extents[k] = extents[k];
            _strides[k] = (k == 0 ? 1 : strides[k - 1]) * elementSize;
            _box[k] = box[k];
        }
    }

    /// <summary>The first element.</summary>
    public nint Address => _address;

    public int Rank => _facts & 0xff;

    /// <summary>Bytes of an element.</summary>
    public int ElementSize => _facts >> 8 & 0xff;

    public SharedSwizzle Swizzle => (SharedSwizzle)(_facts >> 16 & 0xff);

    /// <summary>Whether elements are float32, which can be added.</summary>
    public bool IsFloat => _facts >> 24 != 0;

    /// <summary>Elements along a dimension, 0 the fastest.</summary>
    public long Extent(int dimension) => _extents[dimension];

    /// <summary>Bytes from one index to the next.</summary>
    public long Stride(int dimension) => _strides[dimension];

    /// <summary>Elements of the box along a dimension.</summary>
    public int BoxExtent(int dimension) => _box[dimension];

    [InlineArray(MaxRank)]
    struct Extents
    {
        long _first;
    }

    [InlineArray(MaxRank)]
    struct Box
    {
        int _first;
    }
}
