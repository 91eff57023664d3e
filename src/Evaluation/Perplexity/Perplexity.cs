using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Perplexity of a text in windows, by one of the protocols of <see cref="PerplexityProtocol"/>. A rest shorter than a window is left out,
/// unless it is all there is.
/// </summary>
public static class Perplexity
{
    /// <summary>Scores a text.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention of every window, decided for its length.</param>
    /// <param name="ids">The text; with what begins texts, where the tokenizer has such.</param>
    /// <param name="length">L, in tokens.</param>
    /// <param name="settings">The protocol.</param>
    /// <param name="bos">The id that begins texts: the window protocol needs it.</param>
    /// <param name="progress">Gets the tokens done, of windows times their tokens.</param>
    /// <param name="finished">Windows that are done already, and where those are kept that get done; null: nowhere.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <exception cref="UsageException">Fewer than two ids, or no bos where one is needed.</exception>
    public static PerplexityResult Measure(Engine engine, AttentionPlan plan, int[] ids, int length, PerplexitySettings settings, int? bos,
        IProgress<long>? progress = null, IFinishedWindows? finished = null, CancellationToken cancellation = default)
    {
        if (ids.Length < 2)
            throw new UsageException("the text has no token to predict: give a longer one.");
        if (settings.Protocol == PerplexityProtocol.Window && bos is null)
            throw new UsageException("the tokenizer has no bos piece, which the window protocol begins windows with: take --protocol paper or stride.");
        IReadOnlyList<PerplexityWindow> windows = settings.Windows(ids.Length, length);
        int tokens = windows[0].Tokens, buckets = Math.Min(settings.Buckets, tokens);
        double[][] sums = new double[windows.Count][];
        TextSession? session = null;
        try
        {
            for (int w = 0; w < windows.Count; w++)
            {
                long before = (long)w * tokens;
                double[]? known = finished?.Find(w);
                if (known is null)
                {
                    session ??= engine.Begin(plan, tokens);
                    known = Score(session, windows[w], ids, settings, bos, buckets, new Shifted(progress, before), cancellation);
                    finished?.Add(w, known);
                }
                else if (known.Length != buckets)
                    throw new ArgumentException($"window {w} is kept with {known.Length} buckets, expected {buckets}.", nameof(finished));
                sums[w] = known;
                progress?.Report(before + tokens);
            }
        }
        finally
        {
            session?.Dispose();
        }
        return PerplexityResult.Of(windows, sums);
    }

    /// <summary>A window's nll, a sum for each bucket. The text before it is forgotten, its buffers are used again.</summary>
    static double[] Score(TextSession session, PerplexityWindow window, int[] ids, PerplexitySettings settings, int? bos, int buckets,
        IProgress<int> progress, CancellationToken cancellation)
    {
        int[] inputs = ids[window.Start..(window.Start + window.Tokens)];
        if (settings.Protocol == PerplexityProtocol.Window)
            inputs[0] = bos!.Value;
        session.Truncate(0);
        float[] nll = session.Score(inputs, ids.AsSpan(window.Start + 1, window.Tokens), progress, cancellation);
        double[] sums = new double[buckets];
        for (int b = 0; b < buckets; b++)
            for (int t = Math.Max(window.BucketStart(b, buckets), window.FirstScored); t < window.BucketStart(b + 1, buckets); t++)
                sums[b] += nll[t];
        return sums;
    }

    /// <summary>Adds the tokens of the windows before.</summary>
    sealed class Shifted(IProgress<long>? target, long before) : IProgress<int>
    {
        public void Report(int value) => target?.Report(before + value);
    }
}
