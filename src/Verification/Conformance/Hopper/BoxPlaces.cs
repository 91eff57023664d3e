namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>From where and to where a kernel copies a box.</summary>
readonly struct BoxPlaces(int[] from, int[] to, int count)
{
    public readonly int FromX = from[0], FromY = from[1], FromZ = from.ElementAtOrDefault(2), FromW = from.ElementAtOrDefault(3);

    public readonly int ToX = to[0], ToY = to[1], ToZ = to.ElementAtOrDefault(2);

    /// <summary>Elements of the box.</summary>
    public readonly int Count = count;
}
