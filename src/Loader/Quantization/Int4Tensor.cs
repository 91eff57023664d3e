using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// A matrix of 4-bit codes with a zero point and a scale for each group of inputs:
/// <code>weight[o, i] = (q[o, i] - z[g(i), o]) · s[g(i), o]</code>
/// </summary>
/// <remarks>
/// Files hold codes by inputs, kernels want them by outputs: a tile of them is turned at a time. Zero points are
/// [groups, outputs / 8] words of 8 nibbles, scales [groups, outputs].
/// </remarks>
/// <param name="codes">The tensor that holds the packed codes.</param>
/// <param name="info">The matrix.</param>
/// <param name="zeros">qzeros.</param>
/// <param name="scales">scales.</param>
/// <param name="groupSize">Inputs with one zero point and scale.</param>
public abstract unsafe class Int4Tensor(
    WeightTensor codes, TensorInfo info, WeightTensor zeros, WeightTensor scales, int groupSize)
    : DerivedTensor(codes, info, TileRows)
{
    /// <summary>Codes of a word.</summary>
    protected const int Octet = 8;

    /// <summary>Outputs of a tile: their words in a file fill whole cache lines, each of which is fetched once.</summary>
    protected const int TileRows = 128;

    /// <summary>Words of an output in a tile: a cache line.</summary>
    protected const int TileWords = 16;

    /// <summary>Low halves of bytes.</summary>
    protected const uint LowHalves = 0x0F0F0F0F;

    readonly int _groupCount = (int)scales.Info.Shape[0];

    /// <summary>Inputs with one zero point and scale.</summary>
    public int GroupSize => groupSize;

    /// <summary>Packed zero points, as stored.</summary>
    public WeightTensor Zeros => zeros;

    /// <summary>Scales, as stored.</summary>
    public WeightTensor Scales => scales;

    /// <summary>Outputs of the matrix.</summary>
    protected int Outputs { get; } = (int)info.Shape[0];

    /// <inheritdoc/>
    public override GroupedFormat? Grouped => GroupedFormat.Of(groupSize, Info.Shape[1]);

    /// <summary>Turns a tile of codes.</summary>
    /// <param name="row">First output.</param>
    /// <param name="rows">Outputs, up to the end of a run of <see cref="TileRows"/>.</param>
    /// <param name="word">First word: inputs from 8 · word on.</param>
    /// <param name="words">Words of each output, up to <see cref="TileWords"/>.</param>
    /// <param name="tile">[rows, TileWords]; the low halves of a word's bytes are its first 4 inputs.</param>
    protected abstract void ReadCodes(int row, int rows, int word, int words, Span<uint> tile);

    /// <summary>The same in the order of <see cref="WeightTensor.InputOrder"/>.</summary>
    protected virtual void ReadSortedCodes(int row, int rows, int word, int words, Span<uint> tile) =>
        ReadCodes(row, rows, word, words, tile);

    /// <summary>Where an input of a word lies in it, in bits.</summary>
    protected static int Place(int input) => 8 * (input % 4) + input / 4 * 4;

    /// <summary>An output's zero point in the word of its 8 outputs.</summary>
    protected abstract int Zero(uint word, int output);

    /// <summary>The group of an input.</summary>
    protected virtual int GroupOf(int input) => input / groupSize;

    /// <summary>Whether 8 inputs of a word are of one group.</summary>
    protected virtual bool WordsHaveOneGroup => groupSize % Octet == 0;

    /// <summary>The word at an index; files align nothing.</summary>
    protected static uint Word(byte* words, long index) => Unsafe.ReadUnaligned<uint>(words + index * sizeof(uint));

    /// <inheritdoc/>
    protected override void ReadRectangle(int row, int rows, int column, int columns, Span<float> to)
    {
        Span<uint> tile = stackalloc uint[TileRows * TileWords];
        int[] zeroPoints = new int[TileRows * _groupCount];
        float[] groupScales = new float[zeroPoints.Length];
        foreach ((int first, int count) in Bands(row, rows))
        {
            ReadPoints(first, count, 0, _groupCount, zeroPoints, groupScales);
            for (int at = column; at < column + columns;)
            {
                int word = at / Octet, end = Math.Min((word + TileWords) * Octet, column + columns);
                ReadCodes(first, count, word, (end + Octet - 1) / Octet - word, tile);
                for (int r = 0; r < count; r++)
                    Unpack(tile.Slice(r * TileWords, TileWords), at, zeroPoints.AsSpan(r * _groupCount, _groupCount),
                        groupScales.AsSpan(r * _groupCount, _groupCount),
                        to.Slice((first + r - row) * columns + at - column, end - at));
                at = end;
            }
        }
    }

    /// <inheritdoc/>
    protected sealed override void ReadGroups(
        GroupedFormat format, long start, int count, Span<byte> codes, Span<Half> scaleOffsets)
    {
        while (count > 0)
        {
            (int row, int rows, int column, int columns) = Rectangle(start, count);
            int elements = rows * columns;
            TurnCodes(row, rows, column, columns, codes[..(elements / 2)]);
            ReadScales(row, rows, column / format.Group, columns / format.Group, scaleOffsets[..(elements / format.Group * 2)]);
            codes = codes[(elements / 2)..];
            scaleOffsets = scaleOffsets[(elements / format.Group * 2)..];
            start += elements;
            count -= elements;
        }
    }

    void TurnCodes(int row, int rows, int column, int columns, Span<byte> to)
    {
        Span<uint> tile = stackalloc uint[TileRows * TileWords];
        int end = (column + columns) / Octet, pitch = columns / 2;
        foreach ((int first, int count) in Bands(row, rows))
            for (int word = column / Octet; word < end; word += TileWords)
            {
                int words = Math.Min(TileWords, end - word);
                ReadSortedCodes(first, count, word, words, tile);
                for (int r = 0; r < count; r++)
                    MemoryMarshal.AsBytes(tile.Slice(r * TileWords, words))
                        .CopyTo(to[((first + r - row) * pitch + (word - column / Octet) * sizeof(uint))..]);
            }
    }

    void ReadScales(int row, int rows, int group, int groups, Span<Half> to)
    {
        int[] zeroPoints = new int[TileRows * groups];
        float[] groupScales = new float[zeroPoints.Length];
        foreach ((int first, int count) in Bands(row, rows))
        {
            ReadPoints(first, count, group, groups, zeroPoints, groupScales);
            Span<Half> band = to.Slice((first - row) * groups * 2, count * groups * 2);
            for (int i = 0; i < count * groups; i++)
                (band[2 * i], band[2 * i + 1]) = ((Half)groupScales[i], (Half)(-(zeroPoints[i] * groupScales[i])));
        }
    }

    /// <summary>Zero points and scales of some outputs, [rows, groups].</summary>
    void ReadPoints(int row, int rows, int group, int groups, Span<int> zeroPoints, Span<float> groupScales)
    {
        Span<float> line = stackalloc float[TileRows];
        for (int g = 0; g < groups; g++)
        {
            scales.ToFloat32((long)(group + g) * Outputs + row, line[..rows]);
            for (int r = 0; r < rows; r++)
            {
                uint word = Word(zeros.Pointer, (long)(group + g) * (Outputs / Octet) + (row + r) / Octet);
                zeroPoints[r * groups + g] = Zero(word, row + r);
                groupScales[r * groups + g] = line[r];
            }
        }
    }

    /// <summary>Runs of outputs that end where a tile does.</summary>
    static IEnumerable<(int First, int Count)> Bands(int row, int rows)
    {
        for (int first = row, count; first < row + rows; first += count)
        {
            count = Math.Min(TileRows - first % TileRows, row + rows - first);
            yield return (first, count);
        }
    }

    /// <summary>An output's inputs from <paramref name="start"/> on, whose words begin the tile.</summary>
    void Unpack(ReadOnlySpan<uint> words, int start, ReadOnlySpan<int> zeroPoints, ReadOnlySpan<float> groupScales, Span<float> to)
    {
        int first = start / Octet * Octet;
        for (int i = 0; i < to.Length;)
        {
            int at = start + i, count = Math.Min(Octet - at % Octet, to.Length - i);
            uint word = words[(at - first) / Octet];
            if (count == Octet && WordsHaveOneGroup)
            {
                int group = GroupOf(at);
                Vector128<int> low = FourBytes(word & LowHalves), high = FourBytes((word >> 4) & LowHalves);
                Vector128<int> zero = Vector128.Create(zeroPoints[group]);
                (Vector128.ConvertToSingle(low - zero) * groupScales[group]).CopyTo(to[i..]);
                (Vector128.ConvertToSingle(high - zero) * groupScales[group]).CopyTo(to[(i + 4)..]);
            }
            else
            {
                for (int k = 0; k < count; k++)
                {
                    int input = at % Octet + k, group = GroupOf(at + k);
                    uint code = (word >> Place(input)) & 0xF;
                    to[i + k] = ((int)code - zeroPoints[group]) * groupScales[group];
                }
            }
            i += count;
        }
    }

    /// <summary>A word's four bytes.</summary>
    static Vector128<int> FourBytes(uint word) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(word).AsByte())).AsInt32();
}
