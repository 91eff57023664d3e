namespace IlgpuDca.Loader;

/// <summary>The numbers by which GGUF files call tensor types.</summary>
static class GgufTensorTypes
{
    static readonly Dictionary<uint, TensorType> ByNumber = new()
    {
        [0] = TensorType.F32,
        [1] = TensorType.F16,
        [2] = TensorType.Q4_0,
        [3] = TensorType.Q4_1,
        [6] = TensorType.Q5_0,
        [7] = TensorType.Q5_1,
        [8] = TensorType.Q8_0,
        [10] = TensorType.Q2_K,
        [11] = TensorType.Q3_K,
        [12] = TensorType.Q4_K,
        [13] = TensorType.Q5_K,
        [14] = TensorType.Q6_K,
        [20] = TensorType.IQ4_NL,
        [23] = TensorType.IQ4_XS,
        [24] = TensorType.I8,
        [25] = TensorType.I16,
        [26] = TensorType.I32,
        [27] = TensorType.I64,
        [28] = TensorType.F64,
        [30] = TensorType.BF16,
    };

    /// <summary>Types that have a number but no reader here, so that a message can name them.</summary>
    static readonly Dictionary<uint, string> Unread = new()
    {
        [9] = "Q8_1",
        [15] = "Q8_K",
        [16] = "IQ2_XXS",
        [17] = "IQ2_XS",
        [18] = "IQ3_XXS",
        [19] = "IQ1_S",
        [21] = "IQ3_S",
        [22] = "IQ2_S",
        [29] = "IQ1_M",
        [34] = "TQ1_0",
        [35] = "TQ2_0",
        [39] = "MXFP4",
    };

    /// <summary>The types that weights are read from, as messages list them.</summary>
    public static string Readable { get; } =
        string.Join(", ", ByNumber.Values.Where(type => type.IsReadable()).Order());

    /// <summary>False for a number without a type here.</summary>
    public static bool TryGet(uint number, out TensorType type) => ByNumber.TryGetValue(number, out type);

    /// <summary>The number of a type that <see cref="TryGet"/> knows.</summary>
    public static uint NumberOf(TensorType type) => ByNumber.First(pair => pair.Value == type).Key;

    /// <summary>A number as messages show it.</summary>
    public static string Shown(uint number) =>
        Unread.TryGetValue(number, out string? name) ? $"{name} ({number})" : $"{number}";
}
