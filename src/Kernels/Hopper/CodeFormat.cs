namespace IlgpuDca.Kernels.Hopper;

/// <summary>How weights are stored, as constants of a kernel: a <c>QuantizedLayout</c>, or plain bfloat16.</summary>
/// <param name="bits">Of a code; 16: plain.</param>
/// <param name="groupShift">log2 of a group's weights.</param>
/// <param name="hasOffset">1: scales have offsets beside them.</param>
readonly struct CodeFormat(int bits, int groupShift, int hasOffset)
{
    /// <summary>Bits of a plain weight.</summary>
    public const int PlainBits = 16;

    public readonly int Bits = bits;
    public readonly int GroupShift = groupShift;
    public readonly int HasOffset = hasOffset;

    public bool IsPlain => Bits == PlainBits;

    /// <summary>Elements of the copy engine's tensor along so many weights: bfloat16, or words of codes.</summary>
    public int Elements(int weights) => IsPlain ? weights : weights * Bits / 32;
}
