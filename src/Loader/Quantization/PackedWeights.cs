using System.Collections.Immutable;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Puts one derived <c>weight</c> in the place of the tensors that a quantised matrix is stored as.</summary>
/// <param name="weights">The tensors as stored; changed here.</param>
/// <param name="config">How they are packed.</param>
/// <param name="architecture">The model's class, which says whether it has biases.</param>
sealed class PackedWeights(ModelWeights weights, QuantizationConfig config, string architecture)
{
    const string Weight = ".weight", Packed = ".qweight";

    /// <summary>
    /// Fixed scales of activations and of the cache: the former are rounded with scales of their own, if at all.
    /// </summary>
    static readonly string[] Unused = [".input_scale", ".k_scale", ".v_scale", ".activation_scale"];

    /// <summary>Throws <see cref="ModelFormatException"/> where a part is absent or of another shape.</summary>
    public void Derive()
    {
        foreach (string name in weights.Tensors.Keys.ToArray())
        {
            if (config.Method == QuantizationMethod.Float8)
                DeriveFloat8(name);
            else if (name.EndsWith(Packed, StringComparison.Ordinal))
                DeriveInt4(name[..^Packed.Length]);
        }
    }

    void DeriveInt4(string name)
    {
        bool isAwq = config.Method == QuantizationMethod.Awq;
        WeightTensor codes = weights.Take(name + Packed)!;
        WeightTensor zeros = Part(codes, name + ".qzeros"), scales = Part(codes, name + ".scales");
        WeightTensor? groups = weights.Take(name + ".g_idx");
        if (codes.Info.Shape.Length != 2 || codes.Info.DType != TensorType.I32)
            throw Fault(codes,
                $"is {codes.Info.DType} of shape {codes.Info.ShapeText}, expected I32 and two dimensions");
        long inputs = codes.Info.Shape[0] * (isAwq ? 1 : 8), outputs = codes.Info.Shape[1] * (isAwq ? 8 : 1);
        long size = config.GroupSize > 0 ? config.GroupSize : inputs;
        long count = size > 0 ? (inputs + size - 1) / size : 0;
        Check(zeros, [TensorType.I32], count, outputs / 8);
        Check(scales, [TensorType.F16, TensorType.BF16, TensorType.F32], count, outputs);
        if (outputs % 8 != 0 || inputs % 8 != 0 || inputs > int.MaxValue || outputs > int.MaxValue)
            throw Fault(codes,
                $"has {inputs} inputs and {outputs} outputs, expected multiples of 8 below {int.MaxValue}");
        TensorInfo info = codes.Info with
        {
            Name = name + Weight,
            DType = isAwq ? TensorType.AWQ4 : TensorType.GPTQ4,
            Shape = [outputs, inputs],
        };
        if (groups is not null && !isAwq)
            Check(groups, [TensorType.I32], inputs);
        weights.AddDerived(name + Weight, isAwq
            ? new AwqTensor(codes, info, zeros, scales, (int)size)
            : new GptqTensor(codes, info, zeros, scales, groups, (int)size, config.ZeroOffset));
        DropZeroBias(name);
    }

    /// <summary>GPTQ writers give every matrix a bias; where the model has none, it holds zeros.</summary>
    void DropZeroBias(string name)
    {
        bool isModels = architecture.StartsWith("Qwen2", StringComparison.Ordinal)
            && (name.EndsWith(".q_proj", StringComparison.Ordinal) || name.EndsWith(".k_proj", StringComparison.Ordinal)
                || name.EndsWith(".v_proj", StringComparison.Ordinal));
        if (!isModels && weights.Find(name + ".bias") is { } bias && bias.Info.ByteLength <= int.MaxValue
            && !bias.Bytes.ContainsAnyExcept((byte)0))
            weights.Take(name + ".bias");
    }

    void DeriveFloat8(string name)
    {
        if (Array.Exists(Unused, ending => name.EndsWith(ending, StringComparison.Ordinal)))
            weights.Take(name);
        if (!name.EndsWith(Weight, StringComparison.Ordinal) || weights.Find(name) is not { } codes
            || codes.Info.DType != TensorType.F8_E4M3)
            return;
        WeightTensor scales = weights.Take(name + "_scale_inv") ?? Part(codes, name + "_scale");
        if (codes.Info.Shape.Length != 2 || codes.Info.Elements == 0)
            throw Fault(codes, $"has the shape {codes.Info.ShapeText}, expected two dimensions");
        (long outputs, long inputs) = (codes.Info.Shape[0], codes.Info.Shape[1]);
        ImmutableArray<long> shape = scales.Info.Shape;
        long blockRows = outputs, blockColumns = inputs;
        if (config.BlockRows > 0)
            (blockRows, blockColumns) = (config.BlockRows, config.BlockColumns);
        else if (scales.Info.Elements != 1)
            blockRows = 1;
        long rows = (outputs + blockRows - 1) / blockRows, columns = (inputs + blockColumns - 1) / blockColumns;
        bool fits = columns == 1 && shape.Length < 2
            ? scales.Info.Elements == rows : shape.Length == 2 && shape[0] == rows && shape[1] == columns;
        if (!fits || !scales.Info.DType.IsReadable() || scales.Info.DType.IsBlockQuantized())
            throw Fault(scales, $"is {scales.Info.DType} of shape {scales.Info.ShapeText}, expected "
                + $"[{rows}, {columns}] in F32, F16 or BF16 for {codes.Info.ShapeText} and the config's blocks");
        weights.Take(name);
        weights.AddDerived(name, new ScaledFloat8Tensor(codes, scales, blockRows, blockColumns)
        {
            HasFloat8Inputs = config.HasFloat8Inputs,
        });
    }

    WeightTensor Part(WeightTensor of, string name) => weights.Take(name) ?? throw Fault(of,
        $"needs {ModelFormatException.Quote(name)}, which is not there");

    static void Check(WeightTensor tensor, ReadOnlySpan<TensorType> types, params ReadOnlySpan<long> shape)
    {
        if (!types.Contains(tensor.Info.DType) || !tensor.Info.Shape.AsSpan().SequenceEqual(shape))
            throw Fault(tensor, $"is {tensor.Info.DType} of shape {tensor.Info.ShapeText}, expected "
                + $"{types[0]} of shape [{string.Join(", ", shape.ToArray())}]");
    }

    static ModelFormatException Fault(WeightTensor tensor, string what) => new(tensor.File,
        $"{ModelFormatException.Quote(tensor.Info.Name)} {what}. Fix: check that 'quantization_config' of config.json "
        + "belongs to these weights, or download the model again.");
}
