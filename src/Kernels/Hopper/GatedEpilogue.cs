using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>silu(gate) · up in bfloat16, where groups of 8 gate columns and 8 up columns alternate.</summary>
readonly struct GatedEpilogue : IMatMulEpilogue
{
    public static int Groups => 16;

    public static int BoxColumns => 64;

    public static bool Adds => false;

    public static void Write(ArrayView<float> sums, ArrayView<uint> box, int row, int pair)
    {
        for (int group = 0; group < 8; group++)
            for (int half = 0; half < 2; half++)
            {
                int gate = 8 * group + 2 * half, up = gate + 4;
                box[SwizzledBox.Word(row + 8 * half, group, pair)] = BFloat16Pair.Pack(
                    Silu.Gate(sums[gate], sums[up]), Silu.Gate(sums[gate + 1], sums[up + 1]));
            }
    }

    public static int OutputsAcross => 32;

    public static int BoxesAcross => 1;

    public static SharedSwizzle Swizzle => SharedSwizzle.Bytes64;

    public static void WriteAcross(ArrayView<float> sums, ArrayView<uint> box, int boxWords, int row, int warp)
    {
        int lane = Warp.LaneIdx, place = row + SwizzledBox.RowAcross(lane);
        uint rows = BFloat16Pair.Pack(Silu.Gate(sums[0], sums[2]), Silu.Gate(sums[1], sums[3]));
        box[SwizzledBox.NarrowWord(place, warp, lane >> 3)] = SwizzledBox.PairAcross(rows, lane);
    }
}
