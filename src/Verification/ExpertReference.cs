namespace IlgpuDca.Verification;

/// <summary>The router of experts in double precision.</summary>
static class ExpertReference
{
    /// <summary>One token's experts, the likeliest first and the first of equal ones, and their weights.</summary>
    public static (int[] Experts, double[] Weights) Route(ReadOnlySpan<float> logits, int perToken, bool renormalises)
    {
        float[] all = logits.ToArray();
        double largest = all.Max();
        int[] chosen = [.. Enumerable.Range(0, all.Length).OrderByDescending(e => all[e]).ThenBy(e => e).Take(perToken)];
        double total = (renormalises ? chosen : Enumerable.Range(0, all.Length)).Sum(e => Math.Exp(all[e] - largest));
        return (chosen, [.. chosen.Select(e => Math.Exp(all[e] - largest) / total)]);
    }
}
