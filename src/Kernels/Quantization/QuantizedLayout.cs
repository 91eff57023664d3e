namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// How quantised weights lie in memory: all codes row by row, and apart from them the scales of each group of neighbours in a row.
/// <code>
/// 4 bits: w = scale · (code - 8), or scale · code + offset;   code 0..15
/// 8 bits: w = scale · code, or scale · code + offset;          code -128..127, or an 8-bit float (E4M3) without offset
/// </code>
/// </summary>
/// <remarks>
/// Codes: 16 bytes hold 32 codes of 4 bits or 16 of 8. In a word of 4-bit codes the low halves of the four bytes hold codes 0 to 3 and
/// the high halves 4 to 7, so that one mask gives four at once. Scales are half precision, in the order of the groups; with offsets
/// each scale is followed by its offset. Scales of 8-bit floats are float32, two halves: the files have them so.
/// </remarks>
/// <param name="Bits">Of a code: 4 or 8.</param>
/// <param name="Group">Weights that share a scale: a power of two, 32 or more for 4 bits, 16 or more for 8.</param>
/// <param name="HasOffset">Whether each group has an offset beside its scale.</param>
public readonly record struct QuantizedLayout(int Bits, int Group, bool HasOffset)
{
    /// <summary>What <see cref="Kind"/> is where codes are 8-bit floats.</summary>
    internal const int Float8 = 2;

    /// <summary>Weights with one scale in products of 8-bit floats.</summary>
    const int Float8Group = 128;

    /// <summary>Whether codes are 8-bit floats, E4M3.</summary>
    public bool IsFloat8 { get; init; }

    /// <summary>
    /// Whether products of many rows may round the other operand to E4M3 too, with a scale for each <see cref="Group"/>
    /// neighbours: what files mean that were made for FP8 tensor cores.
    /// </summary>
    public bool HasFloat8Inputs { get; init; }

    /// <summary>
    /// What kernels are told of codes and scales: 0: a half for each group; 1: two, scale and offset; <see
    /// cref="Float8"/>.
    /// </summary>
    internal int Kind => IsFloat8 ? Float8 : HasOffset ? 1 : 0;

    /// <summary>Halves of each group.</summary>
    public int GroupHalves => Kind == 0 ? 1 : 2;

    /// <summary>Rows are multiples of this many weights.</summary>
    public const int RowUnit = 32;

    /// <summary>Rows of a matrix that is converted on its way are multiples of this.</summary>
    const int ConvertibleUnit = 8;

    /// <summary>
    /// The longest row that a product of codes takes: as integers it fits into the shared memory of every device.
    /// </summary>
    public const int LongestRow = 40_960;

    /// <summary>Weights in 16 bytes of codes.</summary>
    public int PackWeights => 128 / Bits;

    /// <summary>log2 of <see cref="Group"/>.</summary>
    public int GroupShift => int.Log2(Group);

    /// <summary>Whether rows of this length can be stored.</summary>
    public bool Fits(int inner) => inner % RowUnit == 0 && inner % Group == 0 && inner <= LongestRow;

    /// <summary>
    /// Whether <see cref="IQuantizedProducts{T}"/>, where there are such, take a matrix of some rows; else it is unpacked.
    /// </summary>
    public bool IsConvertible(long rows) => rows % ConvertibleUnit == 0;

    /// <summary>Whether a product of many rows is one of 8-bit floats where the device has such.</summary>
    public bool RunsAsFloat8 => IsFloat8 && HasFloat8Inputs && Group == Float8Group;

    /// <summary>Bytes of the codes of some weights.</summary>
    public long CodeBytes(long weights) => weights * Bits / 8;

    /// <summary>Halves beside them.</summary>
    public long ScaleCount(long weights) => weights / Group * GroupHalves;

    /// <summary>Throws where no kernel knows the layout.</summary>
    /// <exception cref="ArgumentException">Names what is wrong.</exception>
    public void Check()
    {
        if (Bits is not (4 or 8) || Group < PackWeights || !int.IsPow2(Group) || IsFloat8 && (Bits != 8 || HasOffset))
            throw new ArgumentException($"{this}: 4 or 8 bits are known, in groups of a power of two, at least the "
                + "weights of 16 bytes; 8-bit floats without offsets.");
    }
}
