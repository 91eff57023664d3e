using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Runtime.Cuda;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// A tensor in global memory and the box that <see cref="Tma"/> copies from or to it, for a kernel parameter: on CUDA the driver's
/// 128 opaque bytes, on the CPU accelerator the same facts in the order of <see cref="HostTensorMap"/>. The memory must outlive it.
/// </summary>
public readonly struct TensorMap
{
    const int MaxRank = 5, MaxBox = 256, StrideUnit = 16;

#pragma warning disable CS0169, CS0649, IDE0044, IDE0051 // Filled as bytes.
    readonly ulong _w0, _w1, _w2, _w3, _w4, _w5, _w6, _w7, _w8, _w9, _w10, _w11, _w12, _w13, _w14, _w15;
#pragma warning restore CS0169, CS0649, IDE0044, IDE0051

    /// <summary>Describes a tensor.</summary>
    /// <param name="accelerator">Whose kernels take it.</param>
    /// <param name="view">The memory; the tensor starts at its first element, a multiple of 16 bytes.</param>
    /// <param name="extents">Elements along each dimension, the fastest first; 1 to 5 of them.</param>
    /// <param name="strides">Elements from one index to the next, for each dimension but the first; multiples of 16 bytes.</param>
    /// <param name="box">Elements of a box along each dimension, 1 to 256; rows of a multiple of 16 bytes.</param>
    /// <param name="swizzle">How the box lies in shared memory; its rows are no longer than the swizzle's.</param>
    /// <exception cref="ArgumentException">A number breaks these rules; the message names it.</exception>
    /// <exception cref="NotSupportedException">The accelerator is older than sm_90.</exception>
    public static TensorMap Create<T>(
        Accelerator accelerator, ArrayView<T> view, ReadOnlySpan<long> extents, ReadOnlySpan<long> strides, ReadOnlySpan<int> box,
        SharedSwizzle swizzle)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        nint address = view.LoadEffectiveAddressAsPtr();
        Check(address, size, view.Length, extents, strides, box, swizzle);
        HostTensorMap host = new(address, size, typeof(T) == typeof(float), extents, strides, box, swizzle);
        if (accelerator is not CudaAccelerator cuda)
            return Unsafe.BitCast<HostTensorMap, TensorMap>(host);
        return cuda.Device.Architecture is { } architecture && architecture.Major >= 9
            ? Unsafe.BitCast<HostTensorMap, TensorMap>(CudaTensorMap.Encode(cuda.PrimaryContext, host))
            : throw new NotSupportedException($"{accelerator.Name} has no tensor maps: they need compute capability 9.0 or newer.");
    }

    static void Check(
        nint address, int size, long length, ReadOnlySpan<long> extents, ReadOnlySpan<long> strides, ReadOnlySpan<int> box,
        SharedSwizzle swizzle)
    {
        int rank = extents.Length;
        Require(rank is >= 1 and <= MaxRank, $"has {rank} dimensions; 1 to {MaxRank} are possible");
        Require(strides.Length == rank - 1, $"has {rank} dimensions and {strides.Length} strides; give one for each dimension but the first");
        Require(box.Length == rank, $"has {rank} dimensions and a box of {box.Length}; give as many");
        Require(address % StrideUnit == 0, $"starts at 0x{address:x}; it must be a multiple of {StrideUnit}");
        long last = extents[0] - 1;
        for (int k = 0; k < rank; k++)
        {
            Require(extents[k] is > 0 and <= 1L << 32, $"has extent {extents[k]} in dimension {k}; 1 to 2^32 are possible");
            Require(box[k] is > 0 and <= MaxBox, $"has a box of {box[k]} in dimension {k}; 1 to {MaxBox} are possible");
            if (k == 0)
                continue;
            Require(strides[k - 1] * size % StrideUnit == 0, $"has a stride of {strides[k - 1]} elements of {size} bytes in dimension {k}; "
                + $"it must be a multiple of {StrideUnit} bytes");
            last += (extents[k] - 1) * strides[k - 1];
        }
        Require(last < length, $"reaches element {last} of a view of {length}");
        int row = box[0] * size, widest = swizzle == SharedSwizzle.None ? int.MaxValue : 16 << (int)swizzle;
        Require(row % StrideUnit == 0, $"has boxes with rows of {row} bytes; they must be a multiple of {StrideUnit}");
        Require(row <= widest, $"has boxes with rows of {row} bytes; the swizzle {swizzle} takes {widest} at most");
    }

    static void Require(bool holds, string found)
    {
        if (!holds)
            throw new ArgumentException($"The tensor {found}.");
    }
}
