using ILGPU.Runtime.Cuda;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>The driver's form of a tensor map.</summary>
static unsafe class CudaTensorMap
{
    // Of the driver's CUtensorMapDataType, CUtensorMapL2promotion; interleave and out-of-bounds fill are 0: none, zeros.
    const int UInt8 = 0, UInt32 = 2, UInt64 = 4, Float32 = 7, BFloat16 = 9;
    const int Promote256Bytes = 3;

    /// <summary>Encodes a map: the result's bytes are the driver's.</summary>
    public static HostTensorMap Encode(CudaPrimaryContext context, in HostTensorMap map)
    {
        int rank = map.Rank;
        ulong* extents = stackalloc ulong[rank], strides = stackalloc ulong[rank];
        uint* box = stackalloc uint[rank], steps = stackalloc uint[rank];
        for (int k = 0; k < rank; k++)
        {
            (extents[k], box[k], steps[k]) = ((ulong)map.Extent(k), (uint)map.BoxExtent(k), 1);
            if (k > 0)
                strides[k - 1] = (ulong)map.Stride(k);
        }
        int type = map.ElementSize switch { 1 => UInt8, 2 => BFloat16, 4 => map.IsFloat ? Float32 : UInt32, _ => UInt64 };
        // The driver wants the result at a multiple of 64 bytes.
        byte* space = stackalloc byte[sizeof(HostTensorMap) + 64];
        HostTensorMap* encoded = (HostTensorMap*)(((nint)space + 63) & ~63);
        context.MakeCurrent();
        context.Driver.Require(
            context.Driver.TensorMapEncodeTiled(encoded, type, (uint)rank, map.Address, extents, strides, box, steps, 0, (int)map.Swizzle, Promote256Bytes, 0),
            "cuTensorMapEncodeTiled");
        return *encoded;
    }
}
