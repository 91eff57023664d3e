using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Benchmarks.Speed;
using IlgpuDca.Model.Generation;
using IlgpuDca.Model.Weights;

namespace IlgpuDca.Verification;

/// <summary>Decode steps launched as captured graphs against the same steps launched kernel by kernel: the same ids and logits.</summary>
static class DecodingChecks
{
    /// <summary>Past two powers of two of the text's length, so that several graphs are captured.</summary>
    const int Prompt = 400, Tokens = 700;

    /// <summary>Past one of them.</summary>
    const int QuickPrompt = 500, QuickTokens = 24;

    /// <param name="quick">Few tokens.</param>
    public static IEnumerable<Check> All(bool quick)
    {
        (int Prompt, int Tokens) length = quick ? (QuickPrompt, QuickTokens) : (Prompt, Tokens);
        SamplingOptions random = new() { Seed = 11, Temperature = 1.1f, RepeatPenalty = 1.1f, FrequencyPenalty = 0.1f };
        foreach ((string name, SamplingOptions options) in new[] { ("greedy", SamplingOptions.Greedy), ("all filters and penalties", random) })
            foreach (DcaGeometry geometry in new[] { DcaGeometry.Dense, new DcaGeometry(300, 399) })
                yield return NewCheck.Of($"Decoding as a graph, {name}, {(geometry.IsDense ? "dense" : "dca")}",
                    (accelerator, inputs) => OfFiles(accelerator, inputs, geometry, options, length));
        foreach (string? format in new[] { null, "q4_0", "fp8" })
            yield return NewCheck.Of($"Decoding as a graph, experts in {format ?? "bf16"}",
                (accelerator, inputs) => OfExperts(accelerator, inputs, format, random, length));
    }

    static void OfFiles(Accelerator accelerator, Inputs inputs, DcaGeometry geometry, SamplingOptions options, (int, int) length)
    {
        SkipUnlessCuda(accelerator);
        using AcceleratorStream stream = accelerator.CreateStream();
        using LlamaFiles files = LlamaFiles.Open(RandomLlama.Source(inputs));
        using WeightUploader uploader = new(accelerator, MemoryPlan.WeightBytes(files.Config, ComputeMode.BFloat16), null, CancellationToken.None);
        using Transformer transformer = Transformer.Load(accelerator, stream, files.Config, new FileWeights(accelerator, uploader, files.Tensors, WeightStorage.Plain), ComputeMode.BFloat16);
        Compared(transformer, files.Config, inputs, geometry, options, length);
    }

    /// <summary>Each layer and token has other experts: one that read them too early would show.</summary>
    static void OfExperts(Accelerator accelerator, Inputs inputs, string? format, SamplingOptions options, (int, int) length)
    {
        SkipUnlessCuda(accelerator);
        ModelConfig config = ModelShapes.Find("qwen3-30b-a3b") with
        {
            Layers = 4,
            HiddenSize = 512,
            Heads = 4,
            KeyValueHeads = 2,
            VocabularySize = RandomLlama.Vocabulary,
            Experts = new ExpertConfig(32, 4, 256, true, 1, []),
        };
        WeightStorage storage = ModelShapes.Layout(format) is { } layout ? WeightStorage.Uniform(layout, config)
            : WeightStorage.Plain;
        using AcceleratorStream stream = accelerator.CreateStream();
        RandomWeights weights = new(accelerator, stream, config, null, 0, storage, CancellationToken.None);
        using Transformer transformer = Transformer.Load(accelerator, stream, config, weights, ComputeMode.BFloat16,
            storage.UnpackingRoom(config, ComputeMode.BFloat16, unpacks: true));
        Compared(transformer, config, inputs, DcaGeometry.Dense, options, length);
    }

    static void SkipUnlessCuda(Accelerator accelerator)
    {
        if (accelerator.AcceleratorType != AcceleratorType.Cuda)
            throw new CheckSkipped("only CUDA has graphs; elsewhere every step is launched kernel by kernel.");
    }

    static void Compared(Transformer transformer, ModelConfig config, Inputs inputs, DcaGeometry geometry,
        SamplingOptions options, (int Prompt, int Tokens) length)
    {
        int[] prompt = inputs.Integers(length.Prompt, config.VocabularySize);
        RopeScaling rope = RopeScaling.For(config.Rope, config.HeadDim, config.MaxPositionEmbeddings, length.Prompt + length.Tokens);
        AttentionPlan plan = new(geometry, 1, rope, []);
        (int[] Ids, float[] Logits) Run(bool usesGraph)
        {
            using TextSession session = transformer.Begin(plan, length.Prompt + length.Tokens, length.Prompt);
            ((LlamaSession<BFloat16, BFloat16Element, BFloat16x8>)session).UsesGraph = usesGraph;
            session.Append(prompt);
            int[] ids = [.. TextGenerator.Generate(session, length.Tokens, options, [])];
            return (ids, session.Logits());
        }
        (int[] plainIds, float[] plainLogits) = Run(usesGraph: false);
        (int[] ids, float[] logits) = Run(usesGraph: true);
        Compare.True(plainIds.Distinct().Count() > 1, "every token is the same, so that nothing is compared.");
        Compare.Same<int>("ids", ids, plainIds);
        Compare.Same<float>("logits", logits, plainLogits);
    }
}
