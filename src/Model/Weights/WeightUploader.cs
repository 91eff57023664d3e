using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Weights;

/// <summary>
/// Streams tensors from their mapped files to the device through two page-locked buffers, converting on the way: one is filled
/// while the other is copied.
/// </summary>
sealed class WeightUploader(Accelerator accelerator, AcceleratorStream stream, IProgress<LoadProgress>? progress, long totalBytes, CancellationToken cancellation) : IDisposable
{
    /// <summary>Elements of a buffer.</summary>
    const int ChunkElements = 4 << 20;

    readonly PageLockedArray1D<float>[] _chunks =
        [accelerator.AllocatePageLocked1D<float>(ChunkElements), accelerator.AllocatePageLocked1D<float>(ChunkElements)];

    readonly CopyFence[] _fences = [new(), new()];
    int _next;
    long _done;

    /// <summary>Tensors one after the other in a buffer of their own.</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(params ReadOnlySpan<WeightTensor> tensors)
        where T : unmanaged
    {
        long elements = 0;
        foreach (WeightTensor tensor in tensors)
            elements += tensor.Info.Elements;
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(elements);
        try
        {
            long offset = 0;
            foreach (WeightTensor tensor in tensors)
            {
                Copy([tensor], tensor.Info.Elements, buffer.View.BaseView.SubView(offset, tensor.Info.Elements));
                offset += tensor.Info.Elements;
            }
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Two tensors of the same shape in a buffer of their own, in turn some elements of the one and of the other.</summary>
    /// <param name="first">Comes first in each turn.</param>
    /// <param name="second">Its partner.</param>
    /// <param name="block">Elements of a turn.</param>
    public MemoryBuffer1D<T, Stride1D.Dense> UploadInterleaved<T>(WeightTensor first, WeightTensor second, long block)
        where T : unmanaged
    {
        MemoryBuffer1D<T, Stride1D.Dense> buffer = accelerator.Allocate1D<T>(2 * first.Info.Elements);
        try
        {
            Copy<T>([first, second], block, buffer.View);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Copies tensors of the same length, a block of each in turn.</summary>
    void Copy<T>(ReadOnlySpan<WeightTensor> tensors, long block, ArrayView<T> target)
        where T : unmanaged
    {
        for (long start = 0; start < target.Length; start += ChunkElements)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(ChunkElements, target.Length - start);
            int chunk = _next++ % _chunks.Length;
            _fences[chunk].Wait(stream);
            Span<T> ready = MemoryMarshal.Cast<float, T>(_chunks[chunk].Span)[..count];
            for (int done = 0; done < count;)
            {
                (long turn, long within) = Math.DivRem(start + done, block);
                int length = (int)Math.Min(block - within, count - done);
                Convert(tensors[(int)(turn % tensors.Length)], turn / tensors.Length * block + within, ready.Slice(done, length));
                done += length;
            }
            target.SubView(start, count).CopyFromCPUUnsafeAsync(stream, ref ready[0], count);
            _fences[chunk].Pending = true;
            _done += count * Interop.SizeOf<T>();
            progress?.Report(new LoadProgress(_done, totalBytes));
        }
    }

    static void Convert<T>(WeightTensor tensor, long start, Span<T> elements)
        where T : unmanaged
    {
        if (typeof(T) == typeof(BFloat16))
            tensor.ToBFloat16(start, MemoryMarshal.Cast<T, ushort>(elements));
        else
            tensor.ToFloat32(start, MemoryMarshal.Cast<T, float>(elements));
    }

    public void Dispose()
    {
        stream.Synchronize();
        foreach (PageLockedArray1D<float> chunk in _chunks)
            chunk.Dispose();
    }

    /// <summary>Remembers that a buffer's copy is under way; waiting for it waits for the stream.</summary>
    sealed class CopyFence
    {
        public bool Pending { get; set; }

        public void Wait(AcceleratorStream stream)
        {
            if (Pending)
                stream.Synchronize();
            Pending = false;
        }
    }
}
