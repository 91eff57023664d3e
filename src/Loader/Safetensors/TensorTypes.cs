namespace IlgpuDca.Loader;

/// <summary>Facts about <see cref="TensorType"/>.</summary>
public static class TensorTypes
{
    /// <summary>Bytes of a half-precision scale or least value.</summary>
    const int Half = 2;

    /// <summary>Size of one element in bits; throws for the types that are packed in blocks.</summary>
    public static int Bits(this TensorType type) => type switch
    {
        TensorType.F4 or TensorType.AWQ4 or TensorType.GPTQ4 => 4,
        TensorType.F6_E2M3 or TensorType.F6_E3M2 => 6,
        TensorType.BOOL or TensorType.U8 or TensorType.I8 or TensorType.F8_E5M2 or TensorType.F8_E4M3
            or TensorType.F8_E8M0 or TensorType.F8_E4M3FNUZ or TensorType.F8_E5M2FNUZ => 8,
        TensorType.I16 or TensorType.U16 or TensorType.F16 or TensorType.BF16 => 16,
        TensorType.I32 or TensorType.U32 or TensorType.F32 => 32,
        TensorType.C64 or TensorType.F64 or TensorType.I64 or TensorType.U64 => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Has no size of a single element."),
    };

    /// <summary>Elements that are packed together; rows are whole blocks. 1 for plain types.</summary>
    public static int BlockElements(this TensorType type) => type switch
    {
        TensorType.Q4_0 or TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q8_0
            or TensorType.IQ4_NL => 32,
        TensorType.Q2_K or TensorType.Q3_K or TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K
            or TensorType.IQ4_XS => 256,
        TensorType.F4 or TensorType.AWQ4 or TensorType.GPTQ4 => 2,
        TensorType.F6_E2M3 or TensorType.F6_E3M2 => 4,
        _ => 1,
    };

    /// <summary>Bytes of <see cref="BlockElements"/> elements.</summary>
    public static int BlockBytes(this TensorType type) => type switch
    {
        TensorType.Q4_0 or TensorType.IQ4_NL => Half + 32 / 2,
        TensorType.Q4_1 => 2 * Half + 32 / 2,
        TensorType.Q5_0 => Half + 32 / 8 + 32 / 2,
        TensorType.Q5_1 => 2 * Half + 32 / 8 + 32 / 2,
        TensorType.Q8_0 => Half + 32,
        TensorType.Q2_K => 2 * Half + 256 / 16 + 256 / 4,
        TensorType.Q3_K => Half + 12 + 256 / 8 + 256 / 4,
        TensorType.Q4_K => 2 * Half + 12 + 256 / 2,
        TensorType.Q5_K => 2 * Half + 12 + 256 / 8 + 256 / 2,
        TensorType.Q6_K => Half + 256 / 16 + 256 / 4 + 256 / 2,
        TensorType.IQ4_XS => 2 * Half + 4 + 256 / 2,
        _ => type.BlockElements() * type.Bits() / 8,
    };

    /// <summary>Whether it packs several elements with common scales: one of GGUF's.</summary>
    public static bool IsBlockQuantized(this TensorType type) =>
        type is >= TensorType.Q4_0 and <= TensorType.IQ4_XS;

    /// <summary>Whether a tensor of this type can by itself be converted to float32 and bf16 here.</summary>
    public static bool IsReadable(this TensorType type) =>
        type is TensorType.F32 or TensorType.F16 or TensorType.BF16 || type.IsBlockQuantized();

    /// <summary>Whether safetensors files may hold it.</summary>
    public static bool IsInSafetensors(this TensorType type) => type <= TensorType.U64;

    /// <summary>The type that a safetensors file calls by this name; false for an unknown name.</summary>
    public static bool TryParse(string name, out TensorType type)
    {
        // Enum.TryParse alone would also take numbers and blanks.
        type = default;
        return name.Length > 0 && char.IsAsciiLetter(name[0]) && !name.Contains(',') && !name.Contains(' ')
            && Enum.TryParse(name, ignoreCase: false, out type) && type.IsInSafetensors();
    }
}
