namespace IlgpuDca.Loader;

/// <summary>Where a checked metadata value lies in its file.</summary>
/// <param name="Type">Type of the value; for an array, of its elements.</param>
/// <param name="IsArray">Whether there are <paramref name="Count"/> of them.</param>
/// <param name="Offset">First byte of the (first) value, counted from the start of the file.</param>
/// <param name="Count">Elements of an array; 1 for a single value.</param>
readonly record struct GgufValue(GgufValueType Type, bool IsArray, long Offset, long Count)
{
    /// <summary>The type as messages show it.</summary>
    public string TypeText => IsArray ? $"an array of {Count} {Type}" : $"{Type}";
}
