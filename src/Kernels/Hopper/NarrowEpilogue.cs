using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>Rounded to bfloat16.</summary>
readonly struct NarrowEpilogue : IMatMulEpilogue
{
    public static int Groups => 8;

    public static int BoxColumns => 64;

    public static bool Adds => false;

    public static void Write(ArrayView<float> sums, ArrayView<uint> box, int row, int pair)
    {
        for (int group = 0; group < 8; group++)
            for (int half = 0; half < 2; half++)
                box[SwizzledBox.Word(row + 8 * half, group, pair)] = BFloat16Pair.Pack(sums[4 * group + 2 * half], sums[4 * group + 2 * half + 1]);
    }

    public static int OutputsAcross => 64;

    public static int BoxesAcross => 1;

    public static SharedSwizzle Swizzle => SharedSwizzle.Bytes128;

    public static void WriteAcross(ArrayView<float> sums, ArrayView<uint> box, int boxWords, int row, int warp)
    {
        int lane = Warp.LaneIdx, place = row + SwizzledBox.RowAcross(lane);
        for (int half = 0; half < 2; half++)
        {
            uint rows = BFloat16Pair.Pack(sums[2 * half], sums[2 * half + 1]);
            box[SwizzledBox.Word(place, 2 * warp + half, lane >> 3)] = SwizzledBox.PairAcross(rows, lane);
        }
    }
}
