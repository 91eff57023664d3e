using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>How weights are stored, as constants of a kernel: a <see cref="QuantizedLayout"/>, or plain bfloat16.</summary>
/// <param name="bits">Of a code; 16: plain.</param>
/// <param name="groupShift">log2 of a group's weights.</param>
/// <param name="kind"><see cref="QuantizedLayout.Kind"/>.</param>
readonly struct CodeFormat(int bits, int groupShift, int kind)
{
    /// <summary>Bits of a plain weight.</summary>
    public const int PlainBits = 16;

    public readonly int Bits = bits;
    public readonly int GroupShift = groupShift;
    public readonly int Kind = kind;

    public bool IsPlain => Bits == PlainBits;

    /// <summary>1: scales have offsets beside them.</summary>
    public int HasOffset => Kind == 1 ? 1 : 0;

    /// <summary>Whether the tensor cores multiply 8-bit floats, a's as the weights'.</summary>
    public bool IsFloat8 => Kind == QuantizedLayout.Float8;

    /// <summary>Elements along k of a stage: a row of a has 128 bytes of them.</summary>
    public int Depth => IsFloat8 ? 128 : 64;

    /// <summary>Elements of the copy engine's tensor along so many weights: bfloat16, or words of codes.</summary>
    public int Elements(int weights) => IsPlain ? weights : weights * Bits / 32;
}
