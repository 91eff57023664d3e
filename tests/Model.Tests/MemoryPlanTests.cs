using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Quantization;
using IlgpuDca.Loader;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Benchmarks.Speed;
using IlgpuDca.Model.Weights;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>The plan is what is allocated, buffer for buffer.</summary>
public sealed class MemoryPlanTests
{
    static readonly ModelConfig _config = ModelConfig.Open(ModelSource.FromFolder(Repository.TinyModel)) with { Layers = 3, DualChunk = null };

    [Theory]
    [InlineData(ComputeMode.Float32, AttentionMode.Dense, 1, 64, true)]
    [InlineData(ComputeMode.Float32, AttentionMode.Dca, 300, 64, true)]
    [InlineData(ComputeMode.BFloat16, AttentionMode.Dense, 129, 512, false)]
    [InlineData(ComputeMode.BFloat16, AttentionMode.Dca, 1_025, 512, false)]
    public void ThePlanIsWhatIsAllocated(ComputeMode mode, AttentionMode attention, int tokens, int slice, bool tied)
    {
        ModelConfig config = _config with { TieWordEmbeddings = tied };
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        Assert.Empty(LiveBuffers.Of(device.Accelerator));
        using Engine engine = Engine.Random(device, config, new EngineOptions { Mode = mode, SliceTokens = slice });
        AttentionPlan plan = AttentionPlan.Decide(config, new AttentionOptions { Mode = attention }, tokens);
        MemoryPlan memory = engine.Plan(tokens, plan.Geometry);
        Assert.Equal(memory.Weights, LiveBuffers.Of(device.Accelerator).Sum());
        Assert.Equal(MemoryPlan.WeightBytes(config, mode), memory.Weights);

        using (TextSession session = engine.Begin(plan, tokens))
        {
            session.Append(new int[tokens]);
            // The ring of drawn ids lies in the host's memory, which is the CPU's too.
            Assert.Equal(memory.Total + TokenRing.Length * sizeof(int), LiveBuffers.Of(device.Accelerator).Sum());
        }
        Assert.Equal(memory.Weights, LiveBuffers.Of(device.Accelerator).Sum());
    }

    [Theory]
    [InlineData(ComputeMode.Float32, 70, 1, 40, null)]
    [InlineData(ComputeMode.BFloat16, 300, 1, 40, null)]
    [InlineData(ComputeMode.BFloat16, 100, 2, 40, "q8_0")]
    [InlineData(ComputeMode.BFloat16, 100, 1, 1_056, "q4_0")]
    [InlineData(ComputeMode.Float32, 70, 2, 128, "awq")]
    [InlineData(ComputeMode.BFloat16, 70, 1, 128, "fp8")]
    [InlineData(ComputeMode.Float32, 5, 3, 520, null)]
    public void ExpertsAreCounted(ComputeMode mode, int tokens, int step, int intermediate, string? format)
    {
        // With a step some layers have one block, wider or narrower than a token's experts together.
        ExpertConfig experts = new(12, 3, intermediate, true, step, []);
        ModelConfig config = _config with { HasHeadNorms = true, HasQkvBias = true, HasOutputBias = true, Experts = experts };
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        EngineOptions options = new() { Mode = mode, SliceTokens = 64, RandomLayout = ModelShapes.Layout(format) };
        using Engine engine = Engine.Random(device, config, options);
        AttentionPlan plan = AttentionPlan.Decide(config, new AttentionOptions { Mode = AttentionMode.Dca }, tokens);
        MemoryPlan memory = engine.Plan(tokens, plan.Geometry);
        Assert.Equal(memory.Weights, LiveBuffers.Of(device.Accelerator).Sum());
        using TextSession session = engine.Begin(plan, tokens);
        session.Append(new int[tokens - 1]);
        session.Sample(Kernels.Sampling.SamplingOptions.Greedy);
        Assert.All(session.Logits(), logit => Assert.True(float.IsFinite(logit)));
        Assert.Equal(memory.Total + TokenRing.Length * sizeof(int), LiveBuffers.Of(device.Accelerator).Sum());
    }

    [Theory]
    [InlineData("q8_0", ComputeMode.Float32, false)]
    [InlineData("q4_0", ComputeMode.BFloat16, true)]
    [InlineData("awq", ComputeMode.BFloat16, false)]
    [InlineData("fp8", ComputeMode.Float32, true)]
    public void QuantisedWeightsAreCounted(string format, ComputeMode mode, bool tied)
    {
        ModelConfig config = _config with { TieWordEmbeddings = tied };
        using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
        using Engine engine = Engine.Random(device, config, new EngineOptions { Mode = mode, SliceTokens = 64, RandomLayout = ModelShapes.Layout(format) });
        AttentionPlan plan = AttentionPlan.Decide(config, new AttentionOptions { Mode = AttentionMode.Dca }, 100);
        MemoryPlan memory = engine.Plan(100, plan.Geometry);
        Assert.Equal(memory.Weights, LiveBuffers.Of(device.Accelerator).Sum());
        Assert.True(memory.Weights < MemoryPlan.WeightBytes(config, mode), $"{memory.Weights} bytes as {format}.");
        using TextSession session = engine.Begin(plan, 100);
        session.Append(new int[99]);
        session.Sample(Kernels.Sampling.SamplingOptions.Greedy);
        Assert.Equal(memory.Total + TokenRing.Length * sizeof(int), LiveBuffers.Of(device.Accelerator).Sum());
    }

    [Fact]
    public void ProductsThatConvertWeightsNeedScratchInsteadOfRoomToUnpack()
    {
        ModelConfig config = _config with { TieWordEmbeddings = false };
        WeightStorage storage = WeightStorage.Uniform(ModelShapes.Layout("q4_0")!.Value, config);
        DeviceMemory unpacking = new(1L << 40, AllocationRule.Exact), converting = unpacking with { ProductScratch = 1000, Unpacks = false };
        MemoryPlan before = Plan(unpacking, ComputeMode.BFloat16), after = Plan(converting, ComputeMode.BFloat16);
        Assert.Equal(before.Weights - RoomBytes(config, storage), after.Weights);
        Assert.Equal(before.Work + 1000, after.Work);
        Assert.Equal(Plan(unpacking, ComputeMode.Float32), Plan(converting, ComputeMode.Float32));

        MemoryPlan Plan(DeviceMemory memory, ComputeMode mode) =>
            MemoryPlan.For(config, mode, 100, 64, DcaGeometry.Dense, memory, storage);
    }

    [Fact]
    public void WhatProductsDontConvertNeedsRoomEverywhere()
    {
        ModelConfig config = _config with { TieWordEmbeddings = false }, odd = config with { VocabularySize = 4_097 };
        ModelConfig mixed = config with { HasHeadNorms = true, Experts = new ExpertConfig(24, 3, 96, true, 1, []) };
        WeightStorage codes = WeightStorage.Uniform(ModelShapes.Layout("q4_0")!.Value, config);
        Assert.Equal(0, codes.UnpackingRoom(config, ComputeMode.BFloat16, unpacks: false).Weights);
        WeightStorage floats = WeightStorage.Uniform(ModelShapes.Layout("fp8")!.Value, config);
        Assert.Equal(0, floats.UnpackingRoom(config, ComputeMode.BFloat16, unpacks: false).Weights);
        WeightStorage experts = WeightStorage.Uniform(ModelShapes.Layout("q4_0")!.Value, mixed);
        Assert.Equal(24L * 2 * 96 * mixed.HiddenSize, experts.UnpackingRoom(mixed, ComputeMode.Float32, unpacks: false).Weights);
        Assert.Equal(0, experts.UnpackingRoom(mixed, ComputeMode.BFloat16, unpacks: false).Weights);
        WeightStorage ofOdd = WeightStorage.Uniform(ModelShapes.Layout("q4_0")!.Value, odd);
        Assert.Equal(4_097L * odd.HiddenSize, ofOdd.UnpackingRoom(odd, ComputeMode.BFloat16, unpacks: false).Weights);
    }

    [Fact]
    public void ProductsOfFloat8NeedScratch()
    {
        QuantizedLayout float8 = ModelShapes.Layout("fp8")!.Value;
        Assert.Equal(2000, Work(float8, ComputeMode.BFloat16));
        Assert.Equal(0, Work(float8, ComputeMode.Float32));
        Assert.Equal(0, Work(float8 with { HasFloat8Inputs = false }, ComputeMode.BFloat16));
        Assert.Equal(0, Work(ModelShapes.Layout("q8_0")!.Value, ComputeMode.BFloat16));

        static long Work(QuantizedLayout layout, ComputeMode mode)
        {
            DeviceMemory without = new(1L << 40, AllocationRule.Exact), with = without with { Float8Scratch = 2000 };
            WeightStorage storage = WeightStorage.Uniform(layout, _config);
            return MemoryPlan.For(_config, mode, 100, 64, DcaGeometry.Dense, with, storage).Work
                - MemoryPlan.For(_config, mode, 100, 64, DcaGeometry.Dense, without, storage).Work;
        }
    }

    /// <summary>Bytes in bf16.</summary>
    static long RoomBytes(ModelConfig config, WeightStorage storage)
    {
        UnpackingRoom room = storage.UnpackingRoom(config, ComputeMode.BFloat16, unpacks: true);
        return 2 * room.Weights + sizeof(float) * room.PieceElements;
    }

    [Fact]
    public void TheDriversBlocksAreCounted()
    {
        const long Block = 2 << 20;
        Assert.Equal(0, AllocationRule.Cuda.Sum([]));
        Assert.Equal(Block, AllocationRule.Cuda.Sum([1]));
        Assert.Equal(Block, AllocationRule.Cuda.Sum(Enumerable.Repeat(1L, 4096)));
        Assert.Equal(2 * Block, AllocationRule.Cuda.Sum(Enumerable.Repeat(1L, 4097)));
        Assert.Equal(Block, AllocationRule.Cuda.Sum([Block]));
        Assert.Equal(3 * Block, AllocationRule.Cuda.Sum([Block + 1, 5]));
    }

    [Fact]
    public void ASevenBillionModelAndAHundredThousandTokensFitInto80Gigabytes()
    {
        ModelConfig config = _config with
        {
            Layers = 32,
            HiddenSize = 4096,
            IntermediateSize = 11008,
            Heads = 32,
            KeyValueHeads = 32,
            HeadDim = 128,
            VocabularySize = 32000,
            MaxPositionEmbeddings = 4096,
            TieWordEmbeddings = false,
        };
        DeviceMemory memory = new(80_000_000_000, AllocationRule.Cuda);
        DcaGeometry geometry = new(3072, 4095);
        MemoryPlan plan = MemoryPlan.For(config, ComputeMode.BFloat16, 100_128, 8192, geometry, memory);
        // 6,738,415,616 parameters of 2 bytes; 65 norms have 4.
        long exact = 6_738_415_616 * 2 + 65 * 4096 * 2;
        Assert.InRange(plan.Weights, exact, exact + 200 * (2L << 20));
        Assert.True(plan.Fits, $"{plan}");
        Assert.False(MemoryPlan.For(config, ComputeMode.BFloat16, 131_072, 8192, geometry, memory).Fits);
    }
}
