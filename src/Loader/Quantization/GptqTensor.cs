using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IlgpuDca.Loader.Quantization;

/// <summary>
/// A matrix in GPTQ's layout: <c>weight[o, i] = (q[i, o] - z[g, o]) · s[g, o]</c>, g = g_idx[i], or i / group.
/// </summary>
/// <remarks>
/// Codes [inputs / 8, outputs] and zero points [groups, outputs / 8] are int32 of 8 nibbles, the lowest first. The
/// first format stores zero points less 1; adding it wraps at 16, as its writers' subtraction does.
/// </remarks>
public sealed unsafe class GptqTensor : DerivedTensor
{
    const int Octet = 8;

    /// <summary>Rows whose codes lie in one cache line: a tile has them, so that each line is fetched once.</summary>
    const int TileRows = 16;

    /// <summary>Words of a row in a tile.</summary>
    const int TileWords = 64;

    readonly WeightTensor _zeros;
    readonly WeightTensor _scales;
    readonly int[]? _groups;
    readonly int _groupSize, _groupCount, _outputs, _zeroOffset;

    /// <param name="codes">qweight.</param>
    /// <param name="info">The matrix.</param>
    /// <param name="zeros">qzeros.</param>
    /// <param name="scales">scales.</param>
    /// <param name="groups">g_idx: the group of each input; null where groups follow each other.</param>
    /// <param name="groupSize">Inputs of a group.</param>
    /// <param name="zeroOffset">What is added to a stored zero point.</param>
    public GptqTensor(WeightTensor codes, TensorInfo info, WeightTensor zeros, WeightTensor scales,
        WeightTensor? groups, int groupSize, int zeroOffset)
        : base(codes, info, TileRows)
    {
        (_zeros, _scales, _groupSize, _zeroOffset) = (zeros, scales, groupSize, zeroOffset);
        (_groupCount, _outputs) = ((int)scales.Info.Shape[0], (int)scales.Info.Shape[1]);
        _groups = groups is null ? null : ReadGroups(groups);
    }

    /// <summary>Inputs of a group.</summary>
    public int GroupSize => _groupSize;

    /// <summary>The group of each input; null where groups follow each other.</summary>
    public IReadOnlyList<int>? Groups => _groups;

    /// <summary>What is added to a stored zero point, wrapping at 16.</summary>
    public int ZeroOffset => _zeroOffset;

    /// <summary>Packed zero points, as stored.</summary>
    public WeightTensor Zeros => _zeros;

    /// <summary>Scales, as stored.</summary>
    public WeightTensor Scales => _scales;

    /// <inheritdoc/>
    public override GroupedFormat? Grouped => _groups is null ? GroupedFormat.Of(_groupSize, Info.Shape[1]) : null;

    /// <inheritdoc/>
    protected override void ReadScales(long start, Span<float> scales, Span<float> offsets)
    {
        (long row, long column) = Math.DivRem(start, Info.Shape[1]);
        for (int g = 0; g < scales.Length; g++, column += _groupSize)
        {
            if (column == Info.Shape[1])
                (row, column) = (row + 1, 0);
            long group = column / _groupSize;
            uint word = Word(_zeros.Pointer, group * (_outputs / Octet) + row / Octet);
            int zero = ((int)(word >> (int)(4 * (row % Octet))) + _zeroOffset) & 0xF;
            _scales.ToFloat32(group * _outputs + row, scales.Slice(g, 1));
            offsets[g] = -(zero * scales[g]);
        }
    }

    /// <inheritdoc/>
    protected override void ReadRectangle(int row, int rows, int column, int columns, Span<float> to)
    {
        Span<uint> tile = stackalloc uint[TileRows * TileWords];
        int[] zeros = new int[TileRows * _groupCount];
        float[] scales = new float[zeros.Length];
        for (int first = row; first < row + rows;)
        {
            int count = Math.Min(TileRows - first % TileRows, row + rows - first);
            ReadScales(first, count, zeros, scales);
            for (int at = column; at < column + columns;)
            {
                int word = at / Octet, end = Math.Min((word + TileWords) * Octet, column + columns);
                Transpose(first, count, word, (end + Octet - 1) / Octet - word, tile);
                for (int r = 0; r < count; r++)
                    Unpack(tile.Slice(r * TileWords, TileWords), at, zeros.AsSpan(r * _groupCount, _groupCount),
                        scales.AsSpan(r * _groupCount, _groupCount),
                        to.Slice((first + r - row) * columns + at - column, end - at));
                at = end;
            }
            first += count;
        }
    }

    /// <summary>Zero points and scales of some rows, row by row.</summary>
    void ReadScales(int row, int rows, Span<int> zeros, Span<float> scales)
    {
        Span<float> line = stackalloc float[TileRows];
        for (int group = 0; group < _groupCount; group++)
        {
            _scales.ToFloat32((long)group * _outputs + row, line[..rows]);
            for (int r = 0; r < rows; r++)
            {
                uint word = Word(_zeros.Pointer, (long)group * (_outputs / Octet) + (row + r) / Octet);
                zeros[r * _groupCount + group] = ((int)(word >> (4 * ((row + r) % Octet))) + _zeroOffset) & 0xF;
                scales[r * _groupCount + group] = line[r];
            }
        }
    }

    /// <summary>Brings the words of each row together.</summary>
    void Transpose(int row, int rows, int word, int words, Span<uint> tile)
    {
        for (int w = 0; w < words; w++)
        {
            long first = (long)(word + w) * _outputs + row;
            for (int r = 0; r < rows; r++)
                tile[r * TileWords + w] = Word(Pointer, first + r);
        }
    }

    /// <summary>A row's inputs from <paramref name="start"/> on, whose words begin the tile.</summary>
    void Unpack(
        ReadOnlySpan<uint> words, int start, ReadOnlySpan<int> zeros, ReadOnlySpan<float> scales, Span<float> to)
    {
        int first = start / Octet * Octet;
        for (int i = 0; i < to.Length;)
        {
            int at = start + i, count = Math.Min(Octet - at % Octet, to.Length - i);
            uint word = words[(at - first) / Octet] >> (4 * (at % Octet));
            if (_groups is null && count == Octet && Avx2.IsSupported)
            {
                // Groups are whole words, so zero point and scale hold for the word.
                int group = at / _groupSize;
                Vector256<uint> code = Avx2.ShiftRightLogicalVariable(
                    Vector256.Create(word), Vector256.Create(0u, 4, 8, 12, 16, 20, 24, 28)) & Vector256.Create(0xFu);
                (Vector256.ConvertToSingle(code.AsInt32() - Vector256.Create(zeros[group])) * scales[group])
                    .CopyTo(to[i..]);
            }
            else
            {
                for (int k = 0; k < count; k++, word >>= 4)
                {
                    int group = _groups is null ? at / _groupSize : _groups[at + k];
                    to[i + k] = ((int)(word & 0xF) - zeros[group]) * scales[group];
                }
            }
            i += count;
        }
    }

    /// <summary>Null where groups follow each other.</summary>
    int[]? ReadGroups(WeightTensor groups)
    {
        int[] read = new int[groups.Info.Elements];
        bool areOrdered = true;
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = Unsafe.ReadUnaligned<int>(groups.Pointer + (long)i * sizeof(int));
            if (read[i] < 0 || read[i] >= _groupCount)
                throw new ModelFormatException(groups.File, $"{ModelFormatException.Quote(groups.Info.Name)} (at byte "
                    + $"{groups.Info.Offset}) holds {read[i]} for input {i}, expected 0 to {_groupCount - 1}. "
                    + "Fix: download the model again.");
            areOrdered &= read[i] == i / _groupSize;
        }
        return areOrdered ? null : read;
    }

    static uint Word(byte* words, long index) => Unsafe.ReadUnaligned<uint>(words + index * sizeof(uint));
}
