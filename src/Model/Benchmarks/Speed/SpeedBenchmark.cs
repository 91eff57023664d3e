using System.Diagnostics;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;

namespace IlgpuDca.Model.Benchmarks.Speed;

/// <summary>
/// Measures prefill and decode on ids that need no tokenizer. Not timed: loading, allocation, the tokens of the depth, whose keys
/// and values are drawn at random, one warm-up. Decode draws greedily, as generating does.
/// </summary>
/// <param name="engine">The model.</param>
/// <param name="limits">The device's, or null where they aren't known.</param>
/// <param name="repetitions">Timed runs after the warm-up.</param>
/// <param name="cancellation">Looked at between slices and tokens.</param>
public sealed class SpeedBenchmark(Engine engine, DeviceLimits? limits, int repetitions, CancellationToken cancellation)
{
    /// <summary>A prompt, and the time until its first token is drawn.</summary>
    /// <param name="plan">The attention.</param>
    /// <param name="tokens">The prompt's length.</param>
    /// <param name="depth">Tokens that stand before it.</param>
    public SpeedRow Prefill(AttentionPlan plan, int tokens, int depth)
    {
        int[] prompt = Ids(tokens);
        ModelCost cost = ModelCost.Prefill(engine.Config, engine.Mode, tokens, depth, engine.SliceTokens, engine.Storage, engine.Cache);
        List<double> firstToken = [];
        SpeedRow row = Repeat(plan, Name("pp", tokens, depth), tokens, depth, cost, (session, clock) =>
        {
            session.Append(prompt, null, cancellation);
            engine.Device.Stream.Synchronize();
            double seconds = clock.Elapsed.TotalSeconds;
            session.Sample(SamplingOptions.Greedy);
            firstToken.Add(clock.Elapsed.TotalSeconds);
            return seconds;
        });
        return row with { FirstTokenSeconds = firstToken[1..] };
    }

    /// <summary>Generation.</summary>
    /// <param name="plan">The attention.</param>
    /// <param name="tokens">Tokens to generate.</param>
    /// <param name="depth">Tokens that stand before them.</param>
    public SpeedRow Decode(AttentionPlan plan, int tokens, int depth)
    {
        int[] first = Ids(1);
        ModelCost cost = ModelCost.Decode(engine.Config, engine.Mode, tokens, depth, engine.Storage, engine.Cache);
        return Repeat(plan, Name("tg", tokens, depth), tokens, depth, cost, (session, clock) =>
        {
            session.Append(first, null, cancellation);
            int drawn = TextGenerator.Generate(session, tokens, SamplingOptions.Greedy, [], cancellation).Count();
            engine.Device.Stream.Synchronize();
            return drawn == tokens ? clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"{drawn} tokens were drawn instead of {tokens}.");
        });
    }

    /// <summary>Runs a test in one text, which is cut back to its depth each time.</summary>
    SpeedRow Repeat(AttentionPlan plan, string name, int tokens, int depth, ModelCost cost, Func<TextSession, Stopwatch, double> run)
    {
        Stopwatch first = Stopwatch.StartNew();
        using TextSession session = engine.Begin(plan, depth + tokens);
        double warmUp = first.Elapsed.TotalSeconds;
        long? begun = FreeBytes();
        warmUp += Once();
        long? warm = FreeBytes();
        List<double> seconds = [];
        for (int repetition = 0; repetition < repetitions; repetition++)
            seconds.Add(Once());
        return new SpeedRow(name, plan.Name, tokens, seconds)
        {
            WarmUpSeconds = warmUp,
            Roofline = limits is null ? null : tokens / cost.Seconds(limits),
            PlannedBytes = engine.Plan(depth + tokens, plan.Geometry).Total,
            ReportedBytes = engine.Memory.Available - begun,
            GrowthBytes = warm - FreeBytes(),
        };

        double Once()
        {
            cancellation.ThrowIfCancellationRequested();
            session.Pretend(depth);
            engine.Device.Stream.Synchronize();
            return run(session, Stopwatch.StartNew());
        }
    }

    /// <summary>null on the CPU, where other programs share the memory.</summary>
    long? FreeBytes() => engine.Device.IsCuda ? engine.Device.AvailableBytes : null;

    /// <summary>Ids that differ, the same in every run.</summary>
    int[] Ids(int count)
    {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++)
            ids[i] = (int)((i * 2654435761L + 1) % engine.Config.VocabularySize);
        return ids;
    }

    static string Name(string kind, int tokens, int depth) => depth == 0 ? $"{kind}{tokens}" : $"{kind}{tokens} @ d{depth}";
}
