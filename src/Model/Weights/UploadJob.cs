using System.Runtime.InteropServices;
using ILGPU;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;
using Half = System.Half;

namespace IlgpuDca.Model.Weights;

/// <summary>A run of a buffer's elements: where they come from and where they go on the device.</summary>
/// <param name="Tensors">Tensors of one length that lie in the buffer in turns, a block of each; or one tensor.</param>
/// <param name="Block">Elements of a turn.</param>
/// <param name="Start">The first element, counted in the buffer.</param>
/// <param name="Count">Elements.</param>
/// <param name="AsFloat32">float32 on the device, else bf16; of no meaning for quantised ones.</param>
/// <param name="Target">Their bytes on the device; the bytes of their codes where they are quantised.</param>
/// <param name="Scales">Where the scales of quantised ones go; else empty.</param>
readonly record struct UploadJob(WeightTensor[] Tensors, long Block, long Start, int Count, bool AsFloat32, ArrayView<byte> Target, ArrayView<byte> Scales)
{
    /// <summary>Puts the elements into host memory in the device's type: one pass, which is a plain copy where the types agree.</summary>
    /// <remarks>Codes are followed by scales.</remarks>
    public void Fill(Span<byte> staging)
    {
        if (Scales.Length != 0)
        {
            FillGroups(staging[..(int)Target.Length], MemoryMarshal.Cast<byte, Half>(staging.Slice((int)Target.Length, (int)Scales.Length)));
            return;
        }
        int size = AsFloat32 ? sizeof(float) : sizeof(ushort);
        foreach ((WeightTensor tensor, long from, int done, int length) in Turns())
            Convert(tensor, from, staging.Slice(done * size, length * size));
    }

    void FillGroups(Span<byte> codes, Span<Half> scales)
    {
        GroupedFormat format = Tensors[0].Grouped!.Value;
        int perScale = format.GroupHalves;
        foreach ((WeightTensor tensor, long from, int done, int length) in Turns())
            tensor.ToGroups(from, codes.Slice(done * format.Bits / 8, length * format.Bits / 8),
                scales.Slice(done / format.Group * perScale, length / format.Group * perScale));
    }

    /// <summary>The runs of neighbours in a tensor: whose, from where in it, how many elements of the job are before them, how many they are.</summary>
    List<(WeightTensor Tensor, long From, int Done, int Length)> Turns()
    {
        List<(WeightTensor, long, int, int)> turns = [];
        for (int done = 0; done < Count;)
        {
            (long turn, long within) = Math.DivRem(Start + done, Block);
            (long block, long tensor) = Math.DivRem(turn, Tensors.Length);
            int length = (int)Math.Min(Block - within, Count - done);
            turns.Add((Tensors[tensor], block * Block + within, done, length));
            done += length;
        }
        return turns;
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
            yield return new UploadJob(tensors, block, start, count, typeof(T) == typeof(float), target.SubView(start, count).Cast<byte>(), ArrayView<byte>.Empty);
        }
    }

    /// <summary>Cuts a quantised matrix into jobs.</summary>
    /// <param name="tensors">What it holds, in turns.</param>
    /// <param name="block">Elements of a turn, a multiple of <see cref="WeightTensor.GroupedUnit"/> where there are several tensors.</param>
    /// <param name="target">All of the matrix.</param>
    /// <param name="chunkBytes">Most bytes of a job, on the device.</param>
    public static IEnumerable<UploadJob> OfQuantized(WeightTensor[] tensors, long block, QuantizedMatrix target, int chunkBytes)
    {
        QuantizedLayout layout = target.Layout;
        ArrayView<byte> codes = target.Codes.Cast<byte>(), scales = target.Scales.Cast<byte>();
        // Each byte of scales serves some of codes: together they fit.
        int unit = WeightTensor.GroupedUnit, unitBytes = (int)(layout.CodeBytes(unit) + 2 * layout.ScaleCount(unit)), chunk = Math.Max(1, chunkBytes / unitBytes) * unit;
        for (long start = 0; start < target.Weights; start += chunk)
        {
            int count = (int)Math.Min(chunk, target.Weights - start);
            yield return new UploadJob(tensors, block, start, count, false, codes.SubView(layout.CodeBytes(start), layout.CodeBytes(count)),
                scales.SubView(2 * layout.ScaleCount(start), 2 * layout.ScaleCount(count)));
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
