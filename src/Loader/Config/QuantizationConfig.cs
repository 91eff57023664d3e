namespace IlgpuDca.Loader;

/// <summary>The <c>quantization_config</c> of config.json.</summary>
/// <param name="Method">How matrices are packed.</param>
/// <param name="GroupSize">Inputs with one scale in the 4-bit methods; 0: all inputs of an output.</param>
/// <param name="ZeroOffset">What is added to a stored zero point: 1 for GPTQ's first format, else 0.</param>
/// <param name="BlockRows">Outputs of a block with one scale; 0 where scales are of the tensor or of channels.</param>
/// <param name="BlockColumns">Inputs of such a block.</param>
public sealed record QuantizationConfig(
    QuantizationMethod Method, int GroupSize, int ZeroOffset, int BlockRows, int BlockColumns)
{
    /// <summary>
    /// Whether products round their inputs to 8-bit floats too. The scales are always those of the inputs at hand, also
    /// where a file has fixed ones (<c>activation_scheme</c> static), which fit worse.
    /// </summary>
    public bool HasFloat8Inputs { get; init; }

    const int LargestGroup = 1 << 20;
    const int MostGroups = 16;

    /// <summary>Reads the block and refuses what would be read wrongly.</summary>
    internal static QuantizationConfig Read(ConfigObject block)
    {
        string method = block.Text("quant_method") ?? "absent";
        return method.ToLowerInvariant() switch
        {
            "awq" => ReadAwq(block),
            "gptq" => ReadGptq(block),
            "fp8" => ReadFloat8(block),
            "compressed-tensors" => ReadCompressed(block),
            _ => throw block.Fault("quant_method",
                $"is {ModelFormatException.Quote(method)}, expected awq, gptq, fp8 or compressed-tensors"),
        };
    }

    static QuantizationConfig ReadAwq(ConfigObject block)
    {
        CheckBits(block, block.Has("bits") ? "bits" : "w_bit");
        if (block.Text("version") is { } version && !version.Equals("gemm", StringComparison.OrdinalIgnoreCase))
            throw block.Fault("version", $"is {ModelFormatException.Quote(version)}, expected 'gemm'");
        if (!block.Flag("zero_point", true))
            throw block.Fault("zero_point", "is false, expected true");
        int group = ReadGroup(block, block.Has("group_size") ? "group_size" : "q_group_size");
        return new QuantizationConfig(QuantizationMethod.Awq, group, 0, 0, 0);
    }

    static QuantizationConfig ReadGptq(ConfigObject block)
    {
        CheckBits(block, "bits");
        int zeroOffset = block.Text("checkpoint_format") switch
        {
            null or "gptq" => 1,
            "gptq_v2" => 0,
            { } other => throw block.Fault("checkpoint_format",
                $"is {ModelFormatException.Quote(other)}, expected 'gptq' or 'gptq_v2'"),
        };
        return new QuantizationConfig(QuantizationMethod.Gptq, ReadGroup(block, "group_size"), zeroOffset, 0, 0);
    }

    static QuantizationConfig ReadFloat8(ConfigObject block)
    {
        if (block.Text("fmt") is { } format and not "e4m3")
            throw block.Fault("fmt", $"is {ModelFormatException.Quote(format)}, expected 'e4m3'");
        bool hasInputs = block.Text("activation_scheme") switch
        {
            null => false,
            "dynamic" or "static" => true,
            { } other => throw block.Fault("activation_scheme",
                $"is {ModelFormatException.Quote(other)}, expected 'dynamic' or 'static'"),
        };
        return Float8(block, "weight_block_size") with { HasFloat8Inputs = hasInputs };
    }

    static QuantizationConfig ReadCompressed(ConfigObject block)
    {
        if (block.Text("format") is { } format and not ("float-quantized" or "naive-quantized"))
            throw block.Fault("format",
                $"is {ModelFormatException.Quote(format)}, expected 'float-quantized' or 'naive-quantized'");
        QuantizationConfig? read = null;
        foreach (ConfigObject group in block.Objects("config_groups", MostGroups))
        {
            ConfigObject weights = group.Object("weights")
                ?? throw group.Fault("weights", "is missing, expected how weights are packed");
            if (weights.Integer("num_bits", 1, 64) is var bits and not 8)
                throw weights.Fault("num_bits", $"is {bits}, expected 8");
            if (weights.Text("type") is var type and not "float")
                throw weights.Fault("type", $"is {ModelFormatException.Quote(type ?? "absent")}, expected 'float'");
            if (weights.Text("strategy") is var strategy and not (null or "tensor" or "channel" or "block"))
                throw weights.Fault("strategy",
                    $"is {ModelFormatException.Quote(strategy)}, expected 'tensor', 'channel' or 'block'");
            bool hasInputs = group.Object("input_activations") is { } inputs && inputs.Text("type") == "float"
                && inputs.Integer("num_bits", 1, 64, absent: 8) == 8;
            QuantizationConfig own = Float8(weights, "block_structure") with { HasFloat8Inputs = hasInputs };
            if (read is not null && read != own)
                throw block.Fault("config_groups", "differ in how they pack weights or round inputs, expected one way");
            read = own;
        }
        return read ?? throw block.Fault("config_groups", "is empty, expected how weights are packed");
    }

    static QuantizationConfig Float8(ConfigObject block, string key)
    {
        int[] sizes = block.Integers(key, 2, 1, LargestGroup);
        return sizes.Length is 0 or 2
            ? new QuantizationConfig(
                QuantizationMethod.Float8, 0, 0, sizes.ElementAtOrDefault(0), sizes.ElementAtOrDefault(1))
            : throw block.Fault(key, $"has {sizes.Length} numbers, expected outputs and inputs of a block");
    }

    static void CheckBits(ConfigObject block, string key)
    {
        if (block.Integer(key, 1, 64) is var bits and not 4)
            throw block.Fault(key, $"is {bits}, expected 4");
    }

    static int ReadGroup(ConfigObject block, string key)
    {
        int group = block.Integer(key, -1, LargestGroup);
        return group switch
        {
            -1 => 0,
            >= 8 when group % 8 == 0 => group,
            _ => throw block.Fault(key, $"is {group}, expected -1 or a multiple of 8"),
        };
    }
}
