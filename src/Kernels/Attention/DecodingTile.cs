using ILGPU;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// A warp's 16 keys and values of one KV head in registers, in the places where the tensor cores' operands need them: lane 4g + t has packs
/// t, t + 4, t + 8, t + 12 of keys g and g + 8, and packs g and g + 8 of values 2t, 2t + 1, 2t + 8 and 2t + 9.
/// </summary>
/// <param name="upper">[4] packs of key g.</param>
/// <param name="lower">[4] packs of key g + 8.</param>
/// <param name="values">[2, 4] packs of values.</param>
/// <param name="scales">[4]: of keys g and g + 8, of values g and g + 8.</param>
readonly struct DecodingTile<TCache>(ArrayView<TCache> upper, ArrayView<TCache> lower, ArrayView<TCache> values, ArrayView<float> scales)
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    /// <summary>Keys.</summary>
    public const int Keys = 16;

    /// <summary>Packs of 8 elements in a row.</summary>
    public const int Packs = 16;

    public readonly ArrayView<TCache> Upper = upper;
    public readonly ArrayView<TCache> Lower = lower;
    public readonly ArrayView<TCache> Values = values;
    public readonly ArrayView<float> Scales = scales;

    public static DecodingTile<TCache> Allocate() => new(
        LocalMemory.Allocate<TCache>(4), LocalMemory.Allocate<TCache>(4), LocalMemory.Allocate<TCache>(8), LocalMemory.Allocate<float>(4));

    /// <summary>Has the rows come.</summary>
    /// <param name="keys">The layer's.</param>
    /// <param name="values">The layer's.</param>
    /// <param name="rows">The row of the tile's first key.</param>
    /// <param name="lowest">The first key that counts.</param>
    /// <param name="highest">The last key that counts.</param>
    public void Load(KvRows<TCache> keys, KvRows<TCache> values, long rows, int lowest, int highest)
    {
        int g = Warp.LaneIdx >> 2, t = Warp.LaneIdx & 3;
        long upper = Row(rows, g, lowest, highest), lower = Row(rows, g + 8, lowest, highest);
        for (int i = 0; i < 4; i++)
        {
            Upper[i] = keys.Packs[upper * Packs + t + 4 * i];
            Lower[i] = keys.Packs[lower * Packs + t + 4 * i];
        }
        for (int r = 0; r < 4; r++)
        {
            long row = Row(rows, 2 * t + r % 2 + r / 2 * 8, lowest, highest) * Packs + g;
            Values[r] = values.Packs[row];
            Values[4 + r] = values.Packs[row + 8];
        }
        Scales[0] = keys.Scale(upper);
        Scales[1] = keys.Scale(lower);
        Scales[2] = values.Scale(upper);
        Scales[3] = values.Scale(lower);
    }

    /// <summary>
    /// The row of a key. Keys that don't count have a weight of zero; their elements may be anything: without a scale, not even numbers, so
    /// that the nearest row that counts stands for them.
    /// </summary>
    static long Row(long rows, int key, int lowest, int highest) =>
        default(TCache).IsScaled ? rows + key : rows + IntrinsicMath.Max(IntrinsicMath.Min(key, highest), lowest);
}
