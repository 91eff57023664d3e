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
    : DerivedTensor(codes, info, TileOctets * Octet)
{
    const int Octet = 8;

    /// <summary>Words of a cache line: a tile is that wide, so that each line is fetched once.</summary>
    const int TileOctets = 16;

    /// <summary>Inputs of a tile; a multiple of a vector.</summary>
    const int TileInputs = 128;

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
        Span<uint> tile = stackalloc uint[TileOctets * TileInputs];
        int lastOctet = (row + rows - 1) / Octet;
        for (int octet = row / Octet; octet <= lastOctet;)
        {
            int octets = Math.Min(TileOctets - octet % TileOctets, lastOctet - octet + 1);
            for (int at = column; at < column + columns;)
            {
                int group = at / groupSize;
                int end = (int)Math.Min(Math.Min((group + 1L) * groupSize, at + TileInputs), column + columns);
                Transpose(octet, octets, at, end - at, tile);
                for (int o = 0; o < octets; o++)
                    UnpackOctet(octet + o, group, tile.Slice(o * TileInputs, end - at), row, rows,
                        to, columns, at - column);
                at = end;
            }
            octet += octets;
        }
    }

    /// <summary>Brings the words of each octet together.</summary>
    void Transpose(int octet, int octets, int input, int inputs, Span<uint> tile)
    {
        for (int i = 0; i < inputs; i++)
        {
            long first = (input + i) * _words + octet;
            for (int o = 0; o < octets; o++)
                tile[o * TileInputs + i] = Word(Pointer, first + o);
        }
    }

    /// <summary>Writes the outputs of an octet that are among the rows.</summary>
    void UnpackOctet(
        int octet, int group, ReadOnlySpan<uint> words, int row, int rows, Span<float> to, int columns, int offset)
    {
        Span<float> octetScales = stackalloc float[Octet];
        scales.ToFloat32((group * _words + octet) * Octet, octetScales);
        uint zeroWord = Word(zeros.Pointer, group * _words + octet);
        for (int r = Math.Max(row, octet * Octet); r < Math.Min(row + rows, (octet + 1) * Octet); r++)
        {
            int shift = Shift(r % Octet);
            Unpack(words, shift, (zeroWord >> shift) & 0xF, octetScales[r % Octet],
                to.Slice((r - row) * columns + offset, words.Length));
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
