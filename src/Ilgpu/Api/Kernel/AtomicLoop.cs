using System.Runtime.CompilerServices;

namespace ILGPU;

/// <summary>The compare-and-exchange loop behind the atomics that the processor has no instruction for.</summary>
static class AtomicLoop
{
    /// <returns>The value found before the operation.</returns>
    public static T Apply<T>(ref T target, T operand, Func<T, T, T> operation)
        where T : unmanaged
    {
        T found = target;
        while (true)
        {
            T seen = Interlocked.CompareExchange(ref target, operation(found, operand), found);
            if (HaveSameBits(seen, found))
                return found;

            found = seen;
        }
    }

    // The exchange compares bits, so 0 and -0 differ here and a NaN equals itself.
    static bool HaveSameBits<T>(T first, T second)
        where T : unmanaged =>
        Unsafe.SizeOf<T>() == sizeof(uint)
            ? Unsafe.BitCast<T, uint>(first) == Unsafe.BitCast<T, uint>(second)
            : Unsafe.BitCast<T, ulong>(first) == Unsafe.BitCast<T, ulong>(second);
}
