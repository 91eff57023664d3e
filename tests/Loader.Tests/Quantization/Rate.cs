using System.Diagnostics;

namespace IlgpuDca.Loader.Tests;

/// <summary>Speed of unpacking on one thread.</summary>
static class Rate
{
    /// <summary>GB/s of stored bytes, the best of five passes to bf16.</summary>
    public static double Best(WeightTensor tensor, long bytes)
    {
        ushort[] rounded = new ushort[1 << 20];
        return Best(tensor, bytes, rounded.Length, (start, count) => tensor.ToBFloat16(start, rounded.AsSpan(0, count)));
    }

    /// <summary>The same to codes and scales.</summary>
    public static double OfGroups(WeightTensor tensor)
    {
        GroupedFormat format = tensor.Grouped!.Value;
        byte[] codes = new byte[4 << 20];
        int most = codes.Length * 8 / format.Bits;
        Half[] scales = new Half[most / format.Group * format.GroupHalves];
        return Best(tensor, tensor.Info.ByteLength, most, (start, count) => tensor.ToGroups(
            start, codes.AsSpan(0, count / 8 * format.Bits), scales.AsSpan(0, count / format.Group * format.GroupHalves)));
    }

    static double Best(WeightTensor tensor, long bytes, int most, Action<long, int> read)
    {
        double best = 0;
        for (int pass = 0; pass < 5; pass++)
        {
            var watch = Stopwatch.StartNew();
            for (long start = 0; start < tensor.Info.Elements; start += most)
                read(start, (int)Math.Min(most, tensor.Info.Elements - start));
            best = Math.Max(best, bytes / watch.Elapsed.TotalSeconds / 1e9);
        }
        return best;
    }
}
