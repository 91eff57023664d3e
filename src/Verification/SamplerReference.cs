using IlgpuDca.Kernels.Sampling;

namespace IlgpuDca.Verification;

/// <summary>Sampling in double precision, by sorting: penalties, top-k, top-p, min-p, temperature.</summary>
static class SamplerReference
{
    /// <summary>Logits after the penalties.</summary>
    public static double[] Penalized(float[] logits, int[] recent, SamplingOptions options)
    {
        double[] changed = Array.ConvertAll(logits, logit => (double)logit);
        foreach (IGrouping<int, int> token in recent.GroupBy(token => token))
        {
            double logit = changed[token.Key];
            logit = logit > 0 ? logit / options.RepeatPenalty : logit * options.RepeatPenalty;
            changed[token.Key] = logit - token.Count() * (double)options.FrequencyPenalty - options.PresencePenalty;
        }
        return changed;
    }

    /// <summary>Each token's probability of being drawn; 0 where a filter took it out.</summary>
    public static double[] Probabilities(double[] logits, SamplingOptions options)
    {
        int[] order = [.. Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token])];
        double max = logits[order[0]];
        int[] kept = options.TopK > 0 && options.TopK < order.Length ? [.. order.Where(token => logits[token] >= logits[order[options.TopK - 1]])] : order;
        if (options.TopP < 1)
        {
            double total = kept.Sum(token => Math.Exp(logits[token] - max)), sum = 0;
            int count = 0;
            while (count < kept.Length && (count == 0 || sum < total * options.TopP))
                sum += Math.Exp(logits[kept[count++]] - max);
            double last = logits[kept[count - 1]];
            kept = [.. kept.Where(token => logits[token] >= last)];
        }
        if (options.MinP > 0)
            kept = [.. kept.Where(token => Math.Exp(logits[token] - max) >= options.MinP)];
        double[] probabilities = new double[logits.Length];
        foreach (int token in kept)
            probabilities[token] = Math.Exp((logits[token] - max) / options.Temperature);
        double weight = probabilities.Sum();
        return Array.ConvertAll(probabilities, probability => probability / weight);
    }
}
