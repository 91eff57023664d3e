using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Perplexity in windows without overlap: the text's ids are cut in windows of L, each window's first id is replaced by the id
/// that begins texts, and each of its L tokens predicts the id that follows it in the text. A rest shorter than a window is left out,
/// unless it is all there is.
/// </summary>
public static class Perplexity
{
    /// <summary>Scores a text.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="plan">The attention of every window.</param>
    /// <param name="ids">bos and the text.</param>
    /// <param name="window">L, in tokens.</param>
    /// <param name="bos">The id that begins texts.</param>
    /// <param name="progress">Gets the tokens done.</param>
    /// <param name="cancellation">Looked at between slices.</param>
    /// <exception cref="UsageException">Fewer than two ids.</exception>
    public static PerplexityResult Measure(Engine engine, AttentionPlan plan, int[] ids, int window, int bos,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        if (ids.Length < 2)
            throw new UsageException("the text has no token to predict: give a longer one.");
        window = Math.Min(window, ids.Length - 1);
        int windows = (ids.Length - 1) / window;
        double sum = 0;
        for (int w = 0; w < windows; w++)
        {
            long before = (long)w * window;
            int[] inputs = ids[(w * window)..((w + 1) * window)];
            inputs[0] = bos;
            using TextSession session = engine.Begin(plan, window);
            float[] nll = session.Score(inputs, ids.AsSpan(w * window + 1, window), new Shifted(progress, before), cancellation);
            foreach (float value in nll)
                sum += value;
        }
        long tokens = (long)windows * window;
        return new PerplexityResult(sum / tokens, tokens, windows);
    }

    /// <summary>Adds the tokens of the windows before.</summary>
    sealed class Shifted(IProgress<long>? target, long before) : IProgress<int>
    {
        public void Report(int value) => target?.Report(before + value);
    }
}
