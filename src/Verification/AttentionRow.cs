namespace IlgpuDca.Verification;

/// <summary>One query's attention, from its scores and values, in double precision.</summary>
static class AttentionRow
{
    /// <summary>softmax(scores) · values, and beside it softmax(scores) · |values|.</summary>
    public static (double[] Output, double[] Magnitude) Direct(double[] scores, Func<int, int, double> value, int headSize)
    {
        double max = scores.Max(), total = scores.Sum(score => Math.Exp(score - max));
        double[] output = new double[headSize], magnitude = new double[headSize];
        for (int j = 0; j < scores.Length; j++)
        {
            double weight = Math.Exp(scores[j] - max) / total;
            for (int c = 0; c < headSize; c++)
            {
                output[c] += weight * value(j, c);
                magnitude[c] += weight * Math.Abs(value(j, c));
            }
        }
        return (output, magnitude);
    }

    /// <summary>
    /// The same as three softmaxes, over the keys of each chunk distance, merged by their log-sum-exp as public implementations do.
    /// </summary>
    public static double[] Merged(double[] scores, Func<int, int> distance, Func<int, int, double> value, int headSize)
    {
        List<(double Lse, double[] Output)> parts = [];
        for (int part = 0; part < 3; part++)
        {
            int[] keys = [.. Enumerable.Range(0, scores.Length).Where(j => distance(j) == part)];
            if (keys.Length == 0)
                continue;
            double[] own = [.. keys.Select(j => scores[j])];
            double max = own.Max();
            parts.Add((max + Math.Log(own.Sum(score => Math.Exp(score - max))), Direct(own, (j, c) => value(keys[j], c), headSize).Output));
        }
        double top = parts.Max(part => part.Lse), total = parts.Sum(part => Math.Exp(part.Lse - top));
        double[] output = new double[headSize];
        foreach ((double lse, double[] own) in parts)
            for (int c = 0; c < headSize; c++)
                output[c] += Math.Exp(lse - top) / total * own[c];
        return output;
    }
}
