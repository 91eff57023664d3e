namespace IlgpuDca.Loader;

/// <summary>Facts about <see cref="TensorType"/>.</summary>
public static class TensorTypes
{
    /// <summary>Size of one element in bits.</summary>
    public static int Bits(this TensorType type) => type switch
    {
        TensorType.F4 => 4,
        TensorType.F6_E2M3 or TensorType.F6_E3M2 => 6,
        TensorType.BOOL or TensorType.U8 or TensorType.I8 or TensorType.F8_E5M2 or TensorType.F8_E4M3
            or TensorType.F8_E8M0 or TensorType.F8_E4M3FNUZ or TensorType.F8_E5M2FNUZ => 8,
        TensorType.I16 or TensorType.U16 or TensorType.F16 or TensorType.BF16 => 16,
        TensorType.I32 or TensorType.U32 or TensorType.F32 => 32,
        TensorType.C64 or TensorType.F64 or TensorType.I64 or TensorType.U64 => 64,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such tensor type."),
    };

    /// <summary>Whether weights of this type can be converted to float32 and bf16 here.</summary>
    public static bool IsReadable(this TensorType type) =>
        type is TensorType.F32 or TensorType.F16 or TensorType.BF16;

    /// <summary>The type that a file calls by this name; false for an unknown name.</summary>
    public static bool TryParse(string name, out TensorType type)
    {
        // Enum.TryParse alone would also take numbers and blanks.
        type = default;
        return name.Length > 0 && char.IsAsciiLetter(name[0]) && !name.Contains(',') && !name.Contains(' ')
            && Enum.TryParse(name, ignoreCase: false, out type);
    }
}
