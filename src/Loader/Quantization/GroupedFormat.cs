namespace IlgpuDca.Loader;

/// <summary>
/// Quantised weights as a code for each and a scale, perhaps an offset, for each group of neighbours in a row: what every format here
/// can be read as without losing anything but the scales' rounding to half precision; those of 8-bit floats are
/// float32.
/// <code>
/// 4 bits: weight = scale · (code - 8), or scale · code + offset;   code 0..15
/// 8 bits: weight = scale · code, or scale · code + offset;          code -128..127, or E4M3 without offset
/// </code>
/// </summary>
/// <param name="Bits">Of a code: 4 or 8.</param>
/// <param name="Group">Weights of a group.</param>
/// <param name="HasOffset">Whether groups have offsets.</param>
public readonly record struct GroupedFormat(int Bits, int Group, bool HasOffset)
{
    /// <summary>Whether codes are 8-bit floats, E4M3.</summary>
    public bool IsFloat8 { get; init; }

    /// <summary>Whether the files mean inputs of products to be rounded to E4M3 too.</summary>
    public bool HasFloat8Inputs { get; init; }

    /// <summary>Halves of each group: its scale, or scale and offset, or a float32.</summary>
    public int GroupHalves => HasOffset || IsFloat8 ? 2 : 1;

    /// <summary>4-bit codes with zero points in groups of this size, where rows of this length can be read so.</summary>
    internal static GroupedFormat? Of(int groupSize, long inputs) =>
        int.IsPow2(groupSize) && groupSize is >= 32 and <= WeightTensor.GroupedUnit && inputs % groupSize == 0
            ? new GroupedFormat(4, groupSize, true)
            : null;
}
