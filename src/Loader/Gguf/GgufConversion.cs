using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDca.Loader.Quantization;

namespace IlgpuDca.Loader;

/// <summary>Writes any model that can be opened as one GGUF file.</summary>
public static partial class GgufConversion
{
    const uint QuantizationVersion = 2;

    /// <summary>The types that matrices can be written as, with the number of general.file_type.</summary>
    static readonly Dictionary<TensorType, uint> FileTypes = new()
    {
        [TensorType.F32] = 0,
        [TensorType.F16] = 1,
        [TensorType.Q4_0] = 2,
        [TensorType.Q8_0] = 7,
        [TensorType.Q4_K] = 14,
        [TensorType.BF16] = 32,
    };

    /// <summary>The types that matrices can be written as.</summary>
    public static IReadOnlyCollection<TensorType> Types => FileTypes.Keys;

    /// <summary>Writes the model; the file is there when it is whole.</summary>
    /// <param name="source">Where the model's other files lie: tokenizer and chat template.</param>
    /// <param name="files">The model.</param>
    /// <param name="type">
    /// One of <see cref="Types"/>. Norms, biases and routers are F32; with 4 bits the embedding and the output matrix
    /// are Q8_0; a matrix whose rows are no whole blocks is written in the next larger type that fits.
    /// </param>
    /// <param name="path">Where to; a file that stands there is replaced.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops it; nothing is left.</param>
    /// <exception cref="ModelFormatException">The model has something that GGUF has no place for.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(ModelSource source, LlamaFiles files, TensorType type, string path,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (!FileTypes.TryGetValue(type, out uint fileType))
            throw new ArgumentException($"{type} is not written, but {string.Join(", ", Types)}.", nameof(type));
        var writer = new GgufWriter();
        GgufArchitecture architecture;
        if (files.Gguf is { } gguf)
        {
            architecture = GgufArchitecture.Of(gguf.Metadata);
            foreach (string key in gguf.Metadata.Keys.Where(key => !IsRewritten(key)))
                writer.Copy(gguf.Metadata, key);
        }
        else
        {
            architecture = GgufArchitecture.OfClass(files.Weights.Name, files.Config.Architecture);
            new GgufConfigWriter(writer, architecture.Name, source, files.Config).Write();
            new GgufTokenizerWriter(writer, source, architecture.Name).Write();
        }
        writer.Set("general.file_type", fileType);
        if (type.IsBlockQuantized())
            writer.Set("general.quantization_version", QuantizationVersion);
        if (files.Gguf?.RopeFactors is { } factors)
            writer.Add(new GgufWriterTensor(GgufNames.RopeFactors, TensorType.F32, factors.Info.Shape, [factors], 0));
        foreach (GgufWriterTensor tensor in Tensors(files, architecture, type))
            writer.Add(tensor);
        writer.Write(path, progress, cancellation);
    }

    static bool IsRewritten(string key) => key is "general.file_type" or "general.quantization_version"
        or "general.alignment" || key.StartsWith("split.", StringComparison.Ordinal);

    static IEnumerable<GgufWriterTensor> Tensors(LlamaFiles files, GgufArchitecture architecture, TensorType type)
    {
        var experts = new SortedDictionary<string, SortedDictionary<int, WeightTensor>>(StringComparer.Ordinal);
        foreach ((string name, WeightTensor tensor) in files.Weights.Tensors)
        {
            if (Expert().Match(name) is { Success: true } match)
            {
                string layer = match.Groups["layer"].Value, part = match.Groups["part"].Value;
                string stack = $"blk.{layer}.ffn_{part}{GgufNames.ExpertsEnding}";
                if (!experts.TryGetValue(stack, out SortedDictionary<int, WeightTensor>? parts))
                    experts.Add(stack, parts = []);
                parts.Add(int.Parse(match.Groups["expert"].Value, CultureInfo.InvariantCulture), tensor);
                continue;
            }
            if (name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
                || (files.Config.TieWordEmbeddings && name == GgufNames.HuggingFace(GgufNames.Output)))
                continue;
            string gguf = GgufNames.Gguf(name) ?? throw new ModelFormatException(tensor.File,
                $"has {ModelFormatException.Quote(name)}, which has no name in GGUF. Fix: use a supported model.");
            ImmutableArray<long> shape = tensor.Info.Shape;
            int headDim = architecture.InterleavesHeads && GgufNames.IsRotated(gguf) ? files.Config.HeadDim : 0;
            yield return new GgufWriterTensor(gguf, Choose(gguf, shape, type), shape, [tensor], headDim);
        }
        foreach ((string stack, SortedDictionary<int, WeightTensor> parts) in experts)
        {
            ImmutableArray<long> shape = [parts.Count, .. parts.First().Value.Info.Shape];
            yield return new GgufWriterTensor(stack, Choose(stack, shape, type), shape, [.. parts.Values], 0);
        }
    }

    static TensorType Choose(string name, ImmutableArray<long> shape, TensorType type)
    {
        if (shape.Length < 2 || name.EndsWith(".ffn_gate_inp.weight", StringComparison.Ordinal))
            return TensorType.F32;
        if (name is GgufNames.Embedding or GgufNames.Output && type is TensorType.Q4_0 or TensorType.Q4_K)
            type = TensorType.Q8_0;
        if (shape[^1] % type.BlockElements() != 0)
            type = shape[^1] % TensorType.Q8_0.BlockElements() == 0 ? TensorType.Q8_0 : TensorType.F16;
        return type;
    }

    [GeneratedRegex(
        @"^model\.layers\.(?<layer>\d+)\.mlp\.experts\.(?<expert>\d{1,6})\.(?<part>gate|up|down)_proj\.weight$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Expert();
}
