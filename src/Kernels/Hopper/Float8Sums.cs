using ILGPU;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>What 128 products of 8-bit floats on tensor cores add to a thread's float32 sums.</summary>
static class Float8Sums
{
    /// <summary>Most rows that are multiplied at once: their sums and those of the whole tile are in registers together.</summary>
    const int MostWaveRows = 128;

    /// <summary>Rows of a tile that are multiplied at once.</summary>
    public static int WaveRows(int tileRows) => tileRows % MostWaveRows == 0 ? MostWaveRows : tileRows;

    /// <summary>sums[j] += part[j] · (scale of its row of w · scale of its row of a).</summary>
    /// <param name="sums">4 for each 8 rows of a, as <c>Wgmma</c> lays them out: [row of w, row of a].</param>
    /// <param name="part">The same.</param>
    /// <param name="upper">Scale of the thread's first row of w.</param>
    /// <param name="lower">Scale of its other row of w.</param>
    /// <param name="rowScales">Of the rows of a, in shared memory.</param>
    /// <param name="pair">The thread's pair of each 8 rows of a.</param>
    public static void Add(
        ArrayView<float> sums, ArrayView<float> part, float upper, float lower, ArrayView<float> rowScales, int pair)
    {
        for (int group = 0; group < sums.IntLength / 4; group++)
        {
            Float32x2 own = rowScales.Cast<Float32x2>()[4 * group + pair];
            sums[4 * group] += part[4 * group] * (upper * own.A);
            sums[4 * group + 1] += part[4 * group + 1] * (upper * own.B);
            sums[4 * group + 2] += part[4 * group + 2] * (lower * own.A);
            sums[4 * group + 3] += part[4 * group + 3] * (lower * own.B);
        }
    }
}
