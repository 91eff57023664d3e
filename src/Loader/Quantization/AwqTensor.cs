using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>A matrix in AWQ's GEMM layout: the group of an input i is i / group size.</summary>
/// <remarks>
/// Codes [inputs, outputs / 8] and zero points [groups, outputs / 8] are int32 of 8 nibbles; from the lowest on, they
/// belong to the outputs 0, 2, 4, 6, 1, 3, 5, 7 of each 8. Scales are [groups, outputs].
/// </remarks>
/// <param name="codes">qweight.</param>
/// <param name="info">The matrix.</param>
/// <param name="zeros">qzeros.</param>
/// <param name="scales">scales.</param>
/// <param name="groupSize">Inputs with one zero point and scale.</param>
public sealed unsafe class AwqTensor(
    WeightTensor codes, TensorInfo info, WeightTensor zeros, WeightTensor scales, int groupSize)
    : Int4Tensor(codes, info, zeros, scales, groupSize)
{
    /// <inheritdoc/>
    protected override int Zero(uint word, int output) => (int)(word >> (4 * (output % 8 / 2 + output % 2 * 4))) & 0xF;

    /// <inheritdoc/>
    protected override void ReadCodes(int row, int rows, int word, int words, Span<uint> tile)
    {
        Span<uint> turned = stackalloc uint[Octet];
        int pitch = Outputs / Octet, lastOctet = (row + rows - 1) / Octet;
        for (int w = 0; w < words; w++)
            for (int octet = row / Octet; octet <= lastOctet; octet++)
            {
                Turn(Pointer, (long)(word + w) * Octet * pitch + octet, pitch, turned);
                int first = Math.Max(row, octet * Octet), end = Math.Min(row + rows, (octet + 1) * Octet);
                for (int output = first; output < end; output++)
                    tile[(output - row) * TileWords + w] = turned[output % Octet];
            }
    }

    /// <summary>8 inputs' words of 8 outputs become 8 outputs' words of 8 inputs.</summary>
    static void Turn(byte* codes, long index, int pitch, Span<uint> turned)
    {
        // Byte b of each of 4 words becomes a byte of word b: two outputs' codes of 4 inputs.
        Vector128<byte> byBytes = Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        Vector128<uint> first = Vector128.Shuffle(Words(codes, index, pitch).AsByte(), byBytes).AsUInt32();
        Vector128<uint> last = Vector128.Shuffle(Words(codes, index + 4L * pitch, pitch).AsByte(), byBytes).AsUInt32();
        Vector128<uint> low = Vector128.Create(LowHalves);
        Vector128<uint> even = (first & low) | (last & low) << 4, odd = ((first >> 4) & low) | (last & ~low);
        (turned[0], turned[4], turned[1], turned[5]) = (even[0], even[1], even[2], even[3]);
        (turned[2], turned[6], turned[3], turned[7]) = (odd[0], odd[1], odd[2], odd[3]);
    }

    static Vector128<uint> Words(byte* codes, long index, int pitch) => Vector128.Create(
        Word(codes, index), Word(codes, index + pitch), Word(codes, index + 2L * pitch), Word(codes, index + 3L * pitch));
}
