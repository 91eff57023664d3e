using System.Diagnostics;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;

namespace IlgpuDca.Model.Evaluation;

/// <summary>
/// Measures prefill and decode on ids that need no tokenizer. Not timed: loading, allocation, the tokens of the depth, one warm-up.
/// Decode draws greedily, as generating does.
/// </summary>
public static class Benchmark
{
    /// <summary>Tokens per second of a prompt.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention.</param>
    /// <param name="tokens">The prompt's length.</param>
    /// <param name="depth">Tokens that stand before it.</param>
    /// <param name="repetitions">Timed runs after the warm-up.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    public static BenchmarkSeries Prefill(Engine engine, AttentionPlan plan, int tokens, int depth, int repetitions, CancellationToken cancellation = default) =>
        Repeat(engine, plan, Name("pp", tokens, depth), tokens, depth, repetitions, session => session.Append(Ids(engine, tokens), null, cancellation), cancellation);

    /// <summary>Tokens per second of generation.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention.</param>
    /// <param name="tokens">Tokens to generate.</param>
    /// <param name="depth">Tokens that stand before them.</param>
    /// <param name="repetitions">Timed runs after the warm-up.</param>
    /// <param name="cancellation">Looked at between tokens.</param>
    public static BenchmarkSeries Decode(Engine engine, AttentionPlan plan, int tokens, int depth, int repetitions, CancellationToken cancellation = default) =>
        Repeat(engine, plan, Name("tg", tokens, depth), tokens, depth, repetitions, session =>
        {
            session.Append(Ids(engine, 1), null, cancellation);
            foreach (int token in TextGenerator.Generate(session, tokens, SamplingOptions.Greedy, [], cancellation))
                _ = token;
        }, cancellation);

    static BenchmarkSeries Repeat(Engine engine, AttentionPlan plan, string name, int tokens, int depth, int repetitions, Action<TextSession> run,
        CancellationToken cancellation)
    {
        List<double> rates = [];
        for (int repetition = -1; repetition < repetitions; repetition++)
        {
            cancellation.ThrowIfCancellationRequested();
            using TextSession session = engine.Begin(plan, depth + tokens);
            if (depth > 0)
                session.Append(Ids(engine, depth), null, cancellation);
            engine.Device.Stream.Synchronize();
            Stopwatch clock = Stopwatch.StartNew();
            run(session);
            engine.Device.Stream.Synchronize();
            if (repetition >= 0)
                rates.Add(tokens / clock.Elapsed.TotalSeconds);
        }
        return new BenchmarkSeries(name, rates);
    }

    /// <summary>Ids that differ, the same in every run.</summary>
    static int[] Ids(Engine engine, int count)
    {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++)
            ids[i] = (int)((i * 2654435761L + 1) % engine.Config.VocabularySize);
        return ids;
    }

    static string Name(string kind, int tokens, int depth) => depth == 0 ? $"{kind}{tokens}" : $"{kind}{tokens} @ d{depth}";
}
