using System.Runtime.InteropServices;

namespace IlgpuDca.Verification;

/// <summary>Comparisons that throw where a result is not what it should be.</summary>
static class Compare
{
    /// <summary>Each element within its own limit; NaN is never within.</summary>
    public static void Close(string what, ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, ReadOnlySpan<double> limits)
    {
        if (actual.Length != expected.Length)
            throw new CheckFailed($"{what} has {actual.Length} elements, expected {expected.Length}.");
        for (int i = 0; i < actual.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]);
            if (!(error <= limits[i]))
                throw new CheckFailed($"{what}[{i}] of {actual.Length} is {actual[i]:R}, expected {expected[i]:R} within {limits[i]:g3}; the error is {error:g3}.");
        }
    }

    /// <summary>The same bits everywhere.</summary>
    public static void Same<T>(string what, ReadOnlySpan<T> actual, ReadOnlySpan<T> expected)
        where T : unmanaged
    {
        if (actual.Length != expected.Length)
            throw new CheckFailed($"{what} has {actual.Length} elements, expected {expected.Length}.");
        for (int i = 0; i < actual.Length; i++)
        {
            ReadOnlySpan<byte> found = MemoryMarshal.AsBytes(actual.Slice(i, 1)), wanted = MemoryMarshal.AsBytes(expected.Slice(i, 1));
            if (!found.SequenceEqual(wanted))
                throw new CheckFailed($"{what}[{i}] of {actual.Length} is {actual[i]} (0x{Hex(found)}), expected exactly {expected[i]} (0x{Hex(wanted)}).");
        }
    }

    /// <summary>A condition.</summary>
    public static void True(bool holds, string otherwise)
    {
        if (!holds)
            throw new CheckFailed(otherwise);
    }

    static string Hex(ReadOnlySpan<byte> littleEndian)
    {
        byte[] bytes = littleEndian.ToArray();
        Array.Reverse(bytes);
        return Convert.ToHexString(bytes);
    }
}
