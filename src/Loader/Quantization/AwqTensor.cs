using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// A matrix in AWQ's GEMM layout: <c>weight[o, i] = (q[i, o] - z[g, o]) · s[g, o]</c>, g = i / group.
/// </summary>
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
    : DerivedTensor(codes, info, Octet)
{
    const int Octet = 8;

    /// <summary>Codes that are gathered at once; a multiple of a vector.</summary>
    const int Stage = 512;

    readonly long _words = info.Shape[0] / Octet;

    /// <summary>Inputs with one zero point and scale.</summary>
    public int GroupSize => groupSize;

    /// <summary>Packed zero points, as stored.</summary>
    public WeightTensor Zeros => zeros;

    /// <summary>Scales, as stored.</summary>
    public WeightTensor Scales => scales;

    /// <inheritdoc/>
    public override GroupedFormat? Grouped => GroupedFormat.Of(groupSize, Info.Shape[1]);

    /// <inheritdoc/>
    protected override void ReadScales(long start, Span<float> groupScales, Span<float> offsets)
    {
        (long row, long column) = Math.DivRem(start, Info.Shape[1]);
        for (int g = 0; g < groupScales.Length; g++, column += groupSize)
        {
            if (column == Info.Shape[1])
                (row, column) = (row + 1, 0);
            long group = column / groupSize;
            uint zero = (Word(zeros.Pointer, group * _words + row / Octet) >> Shift((int)(row % Octet))) & 0xF;
            scales.ToFloat32(group * _words * Octet + row, groupScales.Slice(g, 1));
            offsets[g] = -(zero * groupScales[g]);
        }
    }

    /// <inheritdoc/>
    protected override void ReadRectangle(int row, int rows, int column, int columns, Span<float> to)
    {
        Span<uint> gathered = stackalloc uint[Stage];
        Span<float> octetScales = stackalloc float[Octet];
        for (int octet = row / Octet; octet <= (row + rows - 1) / Octet; octet++)
        {
            int first = Math.Max(row, octet * Octet), last = Math.Min(row + rows, (octet + 1) * Octet);
            for (int at = column; at < column + columns;)
            {
                int group = at / groupSize;
                int end = (int)Math.Min(Math.Min((group + 1L) * groupSize, at + Stage), column + columns);
                Span<uint> words = gathered[..(end - at)];
                for (int i = 0; i < words.Length; i++)
                    words[i] = Word(Pointer, (at + i) * _words + octet);
                uint zeroWord = Word(zeros.Pointer, group * _words + octet);
                scales.ToFloat32((group * _words + octet) * Octet, octetScales);
                for (int r = first; r < last; r++)
                {
                    int shift = Shift(r % Octet);
                    Unpack(words, shift, (zeroWord >> shift) & 0xF, octetScales[r % Octet],
                        to.Slice((r - row) * columns + at - column, words.Length));
                }
                at = end;
            }
        }
    }

    /// <summary>Where the nibble of an output lies: even ones first, then odd ones.</summary>
    static int Shift(int output) => 4 * (output / 2 + output % 2 * 4);

    static uint Word(byte* words, long index) => Unsafe.ReadUnaligned<uint>(words + index * sizeof(uint));

    static void Unpack(ReadOnlySpan<uint> words, int shift, uint zero, float scale, Span<float> to)
    {
        int i = 0;
        Vector256<int> zeros = Vector256.Create((int)zero);
        for (; i <= words.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            Vector256<uint> code = (Vector256.Create(words[i..]) >>> shift) & Vector256.Create(0xFu);
            (Vector256.ConvertToSingle(code.AsInt32() - zeros) * scale).CopyTo(to[i..]);
        }
        for (; i < words.Length; i++)
            to[i] = ((int)((words[i] >> shift) & 0xF) - (int)zero) * scale;
    }
}
