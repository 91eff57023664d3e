using ILGPU;

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
}
