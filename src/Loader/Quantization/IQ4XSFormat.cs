using System.Runtime.CompilerServices;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// Half d; 2 upper bits and 4 lower bits of 8 scales s; 128 bytes of codes q:
/// <c>d · (s - 32) · table[q]</c>.
/// </summary>
readonly struct IQ4XSFormat : IBlockFormat
{
    public static TensorType Type => TensorType.IQ4_XS;

    public static void Unpack(ref byte block, ref float to)
    {
        float scale = Codes.Half(ref block, 0);
        int upperBits = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref block, 2));
        for (int part = 0; part < 8; part++)
        {
            int lower = (Unsafe.Add(ref block, 4 + part / 2) >> (4 * (part % 2))) & 0xF;
            int code = lower | (((upperBits >> (2 * part)) & 3) << 4);
            Codes.Store(IQ4NLFormat.Look(Codes.Load16(ref block, 8 + 16 * part)), scale * (code - 32),
                ref Unsafe.Add(ref to, Codes.Count * part));
        }
    }
}
