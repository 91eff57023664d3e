using System.Collections.Immutable;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Benchmarks.Speed;

/// <summary>Sizes of well-known models, for measuring what they cost without their files.</summary>
public static class ModelShapes
{
    /// <summary>Names that <see cref="Find"/> knows.</summary>
    public static ImmutableArray<string> Names { get; } = ["llama2-7b", "llama2-13b", "llama2-70b", "qwen3-30b-a3b"];

    /// <summary>Names that <see cref="Layout"/> knows.</summary>
    public static ImmutableArray<string> Quantizations { get; } = ["q8_0", "q4_0", "q4_k", "awq", "fp8"];

    /// <summary>The layout on the device that weights of a format take; null for none.</summary>
    /// <exception cref="UsageException">No such format.</exception>
    public static QuantizedLayout? Layout(string? format) => format switch
    {
        null => null,
        "q8_0" => new QuantizedLayout(8, 32, HasOffset: false),
        "q4_0" => new QuantizedLayout(4, 32, HasOffset: false),
        "q4_k" => new QuantizedLayout(4, 32, HasOffset: true),
        "awq" => new QuantizedLayout(4, 128, HasOffset: true),
        "fp8" => new QuantizedLayout(8, 128, HasOffset: false) { IsFloat8 = true, HasFloat8Inputs = true },
        _ => throw new UsageException($"--quant is '{format}', but must be one of {string.Join(", ", Quantizations)}."),
    };

    /// <summary>The config of a shape.</summary>
    /// <exception cref="UsageException">No such shape, or one that can't be run.</exception>
    public static ModelConfig Find(string name) => name switch
    {
        "llama2-7b" => Llama2(layers: 32, hidden: 4096, intermediate: 11008, heads: 32, keyValueHeads: 32),
        "llama2-13b" => Llama2(layers: 40, hidden: 5120, intermediate: 13824, heads: 40, keyValueHeads: 40),
        "llama2-70b" => Llama2(layers: 80, hidden: 8192, intermediate: 28672, heads: 64, keyValueHeads: 8),
        "qwen3-30b-a3b" => Qwen3Moe(layers: 48, hidden: 2048, heads: 32, keyValueHeads: 4, new ExpertConfig(128, 8, 768, true, 1, [])),
        _ => throw new UsageException($"--shape is '{name}', but must be one of {string.Join(", ", Names)}."),
    };

    /// <summary>Qwen3-30B-A3B-2507; the intermediate size is of no use where every layer has experts.</summary>
    static ModelConfig Qwen3Moe(int layers, int hidden, int heads, int keyValueHeads, ExpertConfig experts) => new()
    {
        Architecture = "Qwen3MoeForCausalLM",
        HasHeadNorms = true,
        Experts = experts,
        Layers = layers,
        HiddenSize = hidden,
        IntermediateSize = 6_144,
        Heads = heads,
        KeyValueHeads = keyValueHeads,
        HeadDim = 128,
        VocabularySize = 151_936,
        MaxPositionEmbeddings = 262_144,
        RmsNormEpsilon = 1e-6,
        Rope = new RopeParameters(10_000_000),
        TieWordEmbeddings = false,
        BosId = null,
        EosIds = [151_645],
        DType = "bfloat16",
        DualChunk = null,
    };

    static ModelConfig Llama2(int layers, int hidden, int intermediate, int heads, int keyValueHeads) => new()
    {
        Architecture = "LlamaForCausalLM",
        Layers = layers,
        HiddenSize = hidden,
        IntermediateSize = intermediate,
        Heads = heads,
        KeyValueHeads = keyValueHeads,
        HeadDim = 128,
        VocabularySize = 32_000,
        MaxPositionEmbeddings = 4_096,
        RmsNormEpsilon = 1e-5,
        Rope = new RopeParameters(10_000),
        TieWordEmbeddings = false,
        BosId = 1,
        EosIds = [2],
        DType = "bfloat16",
        DualChunk = null,
    };
}
