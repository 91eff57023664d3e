using System.Runtime.CompilerServices;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// Half d; 2 upper bits and 4 lower bits of 8 scales s; 128 bytes of codes q:
/// <c>d · (s - 32) · table[q]</c>.
/// </summary>
readonly struct IQ4XSFormat : IBlockFormat
{
    public static TensorType Type => TensorType.IQ4_XS;

    public static GroupedFormat Grouped => new(8, 32, false);

    public static void Unpack(ref byte block, ref float to)
    {
        for (int part = 0; part < 8; part++)
        {
            Codes.Store(IQ4NLFormat.Look(Codes.Load16(ref block, 8 + 16 * part)), Scales(ref block, part).Scale,
                ref Unsafe.Add(ref to, Codes.Count * part));
        }
    }

    public static (float Scale, float Offset) Scales(ref byte block, int group)
    {
        int lower = (Unsafe.Add(ref block, 4 + group / 2) >> (4 * (group % 2))) & 0xF;
        int upper = (Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref block, 2)) >> (2 * group)) & 3;
        return (Codes.Half(ref block, 0) * ((lower | (upper << 4)) - 32), 0);
    }
}
