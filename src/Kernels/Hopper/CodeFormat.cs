using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>How weights are stored, as constants of a kernel: a <see cref="QuantizedLayout"/>, or plain bfloat16.</summary>
/// <param name="bits">Of a code; 16: plain.</param>
/// <param name="groupShift">log2 of a group's weights.</param>
/// <param name="kind"><see cref="QuantizedLayout.Kind"/>, or <see cref="ConvertedFloat8"/>.</param>
readonly struct CodeFormat(int bits, int groupShift, int kind)
{
    /// <summary>The kind of 8-bit floats that become bfloat16, where the inputs are not to be rounded.</summary>
    const int ConvertedFloat8 = 3;

    /// <summary>How a product takes weights of a layout.</summary>
    public static CodeFormat Of(QuantizedLayout layout) => new(layout.Bits, layout.GroupShift,
        layout.IsFloat8 && !layout.RunsAsFloat8 ? ConvertedFloat8 : layout.Kind);

    /// <summary>Bits of a plain weight.</summary>
    public const int PlainBits = 16;

    public readonly int Bits = bits;
    public readonly int GroupShift = groupShift;
    public readonly int Kind = kind;

    public bool IsPlain => Bits == PlainBits;

    /// <summary>1: scales have offsets beside them.</summary>
    public int HasOffset => Kind == 1 ? 1 : 0;

    /// <summary>Whether codes are 8-bit floats that become bfloat16.</summary>
    public bool ConvertsFloat8 => Kind == ConvertedFloat8;

    /// <summary>Whether the tensor cores multiply 8-bit floats, a's as the weights'.</summary>
    public bool IsFloat8 => Kind == QuantizedLayout.Float8;

    /// <summary>Elements along k of a stage: a row of a has 128 bytes of them.</summary>
    public int Depth => IsFloat8 ? 128 : 64;

    /// <summary>Elements of the copy engine's tensor along so many weights: bfloat16, or words of codes.</summary>
    public int Elements(int weights) => IsPlain ? weights : weights * Bits / 32;
}
