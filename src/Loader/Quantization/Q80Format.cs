using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Half d; 32 signed bytes q: <c>d · q</c>.</summary>
readonly struct Q80Format : IBlockFormat
{
    public static TensorType Type => TensorType.Q8_0;

    public static GroupedFormat Grouped => new(8, 32, false);

    public static void Unpack(ref byte block, ref float to)
    {
        Codes.Store(Codes.Load32(ref block, 2).AsSByte(), Codes.Half(ref block, 0), ref to);
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group) => (Codes.Half(ref block, 0), 0);
}
