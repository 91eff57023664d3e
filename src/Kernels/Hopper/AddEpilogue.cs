using ILGPU;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>float32, added to the output.</summary>
readonly struct AddEpilogue : IMatMulEpilogue
{
    public static int Groups => 4;

    public static int BoxColumns => 32;

    public static bool Adds => true;

    public static void Write(ArrayView<float> sums, ArrayView<uint> box, int row, int pair) => SwizzledBox.WriteFloats(sums, box, row, pair);
}
