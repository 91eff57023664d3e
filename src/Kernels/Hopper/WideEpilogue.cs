using ILGPU;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>float32 as it is.</summary>
readonly struct WideEpilogue : IMatMulEpilogue
{
    public static int Groups => 4;

    public static int BoxColumns => 32;

    public static bool Adds => false;

    public static void Write(ArrayView<float> sums, ArrayView<uint> box, int row, int pair) => SwizzledBox.WriteFloats(sums, box, row, pair);

    public static int OutputsAcross => 64;

    public static int BoxesAcross => 2;

    public static SharedSwizzle Swizzle => SharedSwizzle.Bytes128;

    public static void WriteAcross(ArrayView<float> sums, ArrayView<uint> box, int boxWords, int row, int warp) =>
        SwizzledBox.WriteFloatsAcross(sums, box, boxWords, row, warp);
}
