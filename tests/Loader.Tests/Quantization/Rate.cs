using System.Diagnostics;

namespace IlgpuDca.Loader.Tests;

/// <summary>How fast a tensor is read.</summary>
static class Rate
{
    /// <summary>GB/s of stored bytes, the best of five passes to bf16.</summary>
    public static double Best(WeightTensor tensor, long bytes)
    {
        ushort[] rounded = new ushort[1 << 20];
        double best = 0;
        for (int pass = 0; pass < 5; pass++)
        {
            var watch = Stopwatch.StartNew();
            for (long start = 0; start < tensor.Info.Elements; start += rounded.Length)
            {
                int count = (int)Math.Min(rounded.Length, tensor.Info.Elements - start);
                tensor.ToBFloat16(start, rounded.AsSpan(0, count));
            }
            best = Math.Max(best, bytes / watch.Elapsed.TotalSeconds / 1e9);
        }
        return best;
    }
}
