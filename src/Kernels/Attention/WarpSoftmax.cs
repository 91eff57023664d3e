using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Attention;

/// <summary>
/// The running softmax of scores as a warp's products leave them (arXiv 1805.02867), powers of two instead of e: a lane
/// has two scores of every 8 keys of a row, in two rows 8 apart of each 16.
/// </summary>
static class WarpSoftmax
{
    /// <summary>The most tiles of 8 columns whose sums are multiplied even where the maximum stays.</summary>
    const int RescaleAlways = 8;

    /// <summary>
    /// -infinity for keys past the range, before a query's window and, in the query's own chunk, past the query.
    /// </summary>
    /// <param name="scores">Those of <paramref name="rowTiles"/> times 16 queries.</param>
    /// <param name="key">The lane's first key.</param>
    /// <param name="keyTiles">Tiles of 8 keys.</param>
    /// <param name="rangeEnd">The key after the range's last.</param>
    /// <param name="isOwnChunk">Whether keys may be past a query.</param>
    /// <param name="row">The lane's first query.</param>
    /// <param name="window">Keys that a query sees.</param>
    /// <param name="rowTiles">Tiles of 16 queries.</param>
    public static void Mask(ArrayView<float> scores, int key, int keyTiles, int rangeEnd, bool isOwnChunk, int row,
        int window, SpecializedValue<int> rowTiles)
    {
        for (int m = 0; m < rowTiles; m++)
            for (int half = 0; half < 2; half++)
            {
                int token = row + m * 16 + half * 8;
                int last = isOwnChunk ? IntrinsicMath.Min(token, rangeEnd - 1) : rangeEnd - 1;
                for (int n = 0; n < keyTiles; n++)
                    for (int side = 0; side < 2; side++)
                        // Without a branch between the two conditions.
                        if (key + n * 8 + side > last | key + n * 8 + side <= token - window)
                            scores[(m * keyTiles + n) * 4 + half * 2 + side] = float.NegativeInfinity;
            }
    }

    /// <summary>
    /// Makes weights of the scores of 16 queries, and shrinks what was summed before to the new maximum.
    /// </summary>
    /// <param name="scores">The scores; weights after it.</param>
    /// <param name="keyTiles">Tiles of 8 keys.</param>
    /// <param name="maxima">The maxima of the lane's two rows so far.</param>
    /// <param name="totals">Their totals so far, of the lane's keys.</param>
    /// <param name="sums">What weights and values were multiplied to so far.</param>
    /// <param name="columnTiles">Tiles of 8 columns of it.</param>
    /// <param name="scale">What scores are multiplied by, times log2(e).</param>
    public static void Update(ArrayView<float> scores, int keyTiles, ArrayView<float> maxima, ArrayView<float> totals,
        ArrayView<float> sums, int columnTiles, float scale)
    {
        float upper = maxima[0], lower = maxima[1];
        for (int n = 0; n < keyTiles; n++)
        {
            upper = XMath.Max(upper, XMath.Max(scores[n * 4], scores[n * 4 + 1]));
            lower = XMath.Max(lower, XMath.Max(scores[n * 4 + 2], scores[n * 4 + 3]));
        }
        WarpReduce.MaxOf4(ref upper, ref lower);
        // A row of which nothing is visible yet has the maximum -infinity: 0 in its place gives weights of 2^-infinity.
        float shiftUpper = upper == float.NegativeInfinity ? 0f : upper * scale;
        float shiftLower = lower == float.NegativeInfinity ? 0f : lower * scale;
        float shrinkUpper = upper == maxima[0] ? 1f : PowerOfTwo.Of((maxima[0] - upper) * scale);
        float shrinkLower = lower == maxima[1] ? 1f : PowerOfTwo.Of((maxima[1] - lower) * scale);
        maxima[0] = upper;
        maxima[1] = lower;

        float totalUpper = totals[0] * shrinkUpper, totalLower = totals[1] * shrinkLower;
        for (int n = 0; n < keyTiles; n++)
        {
            scores[n * 4] = PowerOfTwo.Of(scores[n * 4] * scale - shiftUpper);
            scores[n * 4 + 1] = PowerOfTwo.Of(scores[n * 4 + 1] * scale - shiftUpper);
            scores[n * 4 + 2] = PowerOfTwo.Of(scores[n * 4 + 2] * scale - shiftLower);
            scores[n * 4 + 3] = PowerOfTwo.Of(scores[n * 4 + 3] * scale - shiftLower);
            totalUpper += scores[n * 4] + scores[n * 4 + 1];
            totalLower += scores[n * 4 + 2] + scores[n * 4 + 3];
        }
        totals[0] = totalUpper;
        totals[1] = totalLower;
        // After the first steps a maximum seldom grows; a branch costs more than few multiplications.
        if (columnTiles > RescaleAlways && shrinkUpper == 1f && shrinkLower == 1f)
            return;
        for (int n = 0; n < columnTiles; n++)
        {
            sums[n * 4] *= shrinkUpper;
            sums[n * 4 + 1] *= shrinkUpper;
            sums[n * 4 + 2] *= shrinkLower;
            sums[n * 4 + 3] *= shrinkLower;
        }
    }
}
