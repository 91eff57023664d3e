using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Verification;

/// <summary>
/// Device memory of a check between guards that no kernel may write to. Memory without contents holds only one bits, which are NaN
/// in every float format: an element that was forgotten is seen.
/// </summary>
sealed class GuardedBuffer<T> : IDisposable
    where T : unmanaged
{
    /// <summary>Elements on each side; keeps the contents aligned to 128 bytes for elements of 2 bytes and more.</summary>
    const int Guard = 64;
    const byte GuardByte = 0xA5, PoisonByte = 0xFF;

    readonly MemoryBuffer1D<T, Stride1D.Dense> _memory;
    readonly long _length;

    /// <summary>Memory of a length, poisoned.</summary>
    public GuardedBuffer(Accelerator accelerator, long length)
        : this(accelerator, Poisoned(length))
    {
    }

    /// <summary>Memory with contents.</summary>
    public GuardedBuffer(Accelerator accelerator, T[] contents)
    {
        _length = contents.Length;
        T[] all = new T[_length + 2 * Guard];
        MemoryMarshal.AsBytes(all.AsSpan()).Fill(GuardByte);
        contents.CopyTo(all, Guard);
        _memory = accelerator.Allocate1D<T>(all.Length);
        _memory.CopyFromCPU(all);
    }

    /// <summary>The contents.</summary>
    public ArrayView<T> View => Surroundings.SubView(Guard, _length);

    /// <summary>The contents with their guards.</summary>
    public ArrayView<T> Surroundings => _memory.View.AsContiguous();

    /// <summary>The contents, once all that is queued is done.</summary>
    /// <exception cref="CheckFailed">A guard was written to.</exception>
    public T[] Read()
    {
        _memory.Accelerator.Synchronize();
        T[] all = _memory.GetAsArray1D();
        CheckGuard(all.AsSpan(0, Guard), -Guard);
        CheckGuard(all.AsSpan((int)_length + Guard), (int)_length);
        return all[Guard..((int)_length + Guard)];
    }

    public void Dispose() => _memory.Dispose();

    static void CheckGuard(Span<T> guard, int start)
    {
        int touched = MemoryMarshal.AsBytes(guard).IndexOfAnyExcept(GuardByte);
        if (touched >= 0)
            throw new CheckFailed($"element {start + touched * guard.Length / MemoryMarshal.AsBytes(guard).Length} was written, outside a view's elements.");
    }

    static T[] Poisoned(long length)
    {
        T[] contents = new T[length];
        MemoryMarshal.AsBytes(contents.AsSpan()).Fill(PoisonByte);
        return contents;
    }
}
