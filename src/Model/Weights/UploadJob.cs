using System.Runtime.InteropServices;
using ILGPU;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>A run of one tensor's elements and where they go on the device.</summary>
/// <param name="Tensor">Where they come from.</param>
/// <param name="Start">The first element.</param>
/// <param name="Count">Elements.</param>
/// <param name="AsFloat32">float32 on the device, else bf16.</param>
/// <param name="Target">Their bytes on the device.</param>
readonly record struct UploadJob(WeightTensor Tensor, long Start, int Count, bool AsFloat32, ArrayView<byte> Target)
{
    /// <summary>Puts the elements into host memory in the device's type: one pass, which is a plain copy where the types agree.</summary>
    public void Fill(Span<byte> staging)
    {
        if (AsFloat32)
            Tensor.ToFloat32(Start, MemoryMarshal.Cast<byte, float>(staging)[..Count]);
        else
            Tensor.ToBFloat16(Start, MemoryMarshal.Cast<byte, ushort>(staging)[..Count]);
    }

    /// <summary>Cuts a tensor into jobs.</summary>
    /// <typeparam name="T">float or BFloat16.</typeparam>
    /// <param name="tensor">The tensor.</param>
    /// <param name="target">Its place on the device.</param>
    /// <param name="chunkBytes">Most bytes of a job, on the device.</param>
    public static IEnumerable<UploadJob> Of<T>(WeightTensor tensor, ArrayView<T> target, int chunkBytes)
        where T : unmanaged
    {
        int chunk = chunkBytes / Interop.SizeOf<T>();
        for (long start = 0; start < target.Length; start += chunk)
        {
            int count = (int)Math.Min(chunk, target.Length - start);
            yield return new UploadJob(tensor, start, count, typeof(T) == typeof(float), target.SubView(start, count).Cast<byte>());
        }
    }
}
