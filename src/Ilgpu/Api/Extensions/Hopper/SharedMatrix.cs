using ILGPU;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// A matrix in shared memory as the tensor cores want it described. Its halves are kept apart: moving along a matrix changes the
/// lower one alone, which costs one 32-bit addition.
/// </summary>
/// <param name="low">The start and the leading distance, in units of 16 bytes.</param>
/// <param name="high">The stride in units of 16 bytes, and the swizzle.</param>
public readonly struct SharedMatrix(uint low, uint high)
{
    /// <summary>The start and the leading distance, in units of 16 bytes.</summary>
    public readonly uint Low = low;

    /// <summary>The stride in units of 16 bytes, and the swizzle.</summary>
    public readonly uint High = high;

    /// <summary>Describes a matrix, in a kernel.</summary>
    /// <param name="start">Its first element; with a swizzle the pattern's start or a multiple of 16 bytes into its first row.</param>
    /// <param name="leading">Bytes between neighbouring blocks of 64 columns, where those lie side by side; else of no meaning.</param>
    /// <param name="stride">Bytes between neighbouring blocks of 8 rows of 128 bytes.</param>
    /// <param name="swizzle">How it is permuted; a constant.</param>
    public static SharedMatrix Of<T>(ref T start, int leading, int stride, SharedSwizzle swizzle)
        where T : unmanaged
    {
        // Bits 62 and 63: 1 is 128 bytes, 2 is 64, 3 is 32.
        uint mode = swizzle == SharedSwizzle.None ? 0u : (uint)(4 - (int)swizzle);
        return new SharedMatrix(
            (uint)(SharedAddress.Of(ref start) >> 4) | (uint)(leading >> 4) << 16, (uint)(stride >> 4) | mode << 30);
    }

    /// <summary>The matrix that starts so many bytes later, a multiple of 16.</summary>
    public SharedMatrix Advance(int bytes) => new(Low + ((uint)bytes >> 4), High);
}
