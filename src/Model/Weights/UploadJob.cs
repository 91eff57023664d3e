using System.Runtime.InteropServices;
using ILGPU;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>A run of a buffer's elements: where they come from and where they go on the device.</summary>
/// <param name="Tensors">Tensors of one length that lie in the buffer in turns, a block of each; or one tensor.</param>
/// <param name="Block">Elements of a turn.</param>
/// <param name="Start">The first element, counted in the buffer.</param>
/// <param name="Count">Elements.</param>
/// <param name="AsFloat32">float32 on the device, else bf16.</param>
/// <param name="Target">Their bytes on the device.</param>
readonly record struct UploadJob(WeightTensor[] Tensors, long Block, long Start, int Count, bool AsFloat32, ArrayView<byte> Target)
{
    /// <summary>Puts the elements into host memory in the device's type: one pass, which is a plain copy where the types agree.</summary>
    public void Fill(Span<byte> staging)
    {
        int size = AsFloat32 ? sizeof(float) : sizeof(ushort);
        for (int done = 0; done < Count;)
        {
            (long turn, long within) = Math.DivRem(Start + done, Block);
            (long block, long tensor) = Math.DivRem(turn, Tensors.Length);
            int length = (int)Math.Min(Block - within, Count - done);
            Convert(Tensors[tensor], block * Block + within, staging.Slice(done * size, length * size));
            done += length;
        }
    }

    /// <summary>Cuts a buffer into jobs.</summary>
    /// <typeparam name="T">float or BFloat16.</typeparam>
    /// <param name="tensors">What it holds, in turns.</param>
    /// <param name="block">Elements of a turn.</param>
    /// <param name="target">All of the buffer.</param>
    /// <param name="chunkBytes">Most bytes of a job, on the device.</param>
    public static IEnumerable<UploadJob> Of<T>(WeightTensor[] tensors, long block, ArrayView<T> target, int chunkBytes)
        where T : unmanaged
    {
        int chunk = chunkBytes / Interop.SizeOf<T>();
        for (long start = 0; start < target.Length; start += chunk)
        {
            int count = (int)Math.Min(chunk, target.Length - start);
            yield return new UploadJob(tensors, block, start, count, typeof(T) == typeof(float), target.SubView(start, count).Cast<byte>());
        }
    }

    void Convert(WeightTensor tensor, long start, Span<byte> elements)
    {
        if (AsFloat32)
            tensor.ToFloat32(start, MemoryMarshal.Cast<byte, float>(elements));
        else
            tensor.ToBFloat16(start, MemoryMarshal.Cast<byte, ushort>(elements));
    }
}
