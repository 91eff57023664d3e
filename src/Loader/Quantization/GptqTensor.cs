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

    /// <summary>Rows whose codes lie in one cache line.</summary>
    const int BandRows = 16;

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
        : base(codes, info, BandRows)
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
        int[] zeros = new int[_groupCount];
        float[] scales = new float[_groupCount];
        for (int r = row; r < row + rows; r++)
        {
            for (int group = 0; group < _groupCount; group++)
            {
                uint word = Word(_zeros.Pointer, (long)group * (_outputs / Octet) + r / Octet);
                zeros[group] = ((int)(word >> (4 * (r % Octet))) + _zeroOffset) & 0xF;
                _scales.ToFloat32((long)group * _outputs + r, scales.AsSpan(group, 1));
            }
            Span<float> line = to.Slice((r - row) * columns, columns);
            if (_groups is null)
                ReadGrouped(r, column, line, zeros, scales);
            else
                ReadScattered(r, column, line, zeros, scales, _groups);
        }
    }

    void ReadGrouped(int row, int column, Span<float> line, int[] zeros, float[] scales)
    {
        for (int i = 0; i < line.Length;)
        {
            int at = column + i;
            int group = at / _groupSize;
            // Groups are whole words, so zero point and scale hold for the word.
            int count = Math.Min(Octet - at % Octet, line.Length - i);
            uint word = Word(Pointer, (long)(at / Octet) * _outputs + row) >> (4 * (at % Octet));
            (int zero, float scale) = (zeros[group], scales[group]);
            if (count == Octet && Avx2.IsSupported)
            {
                Vector256<uint> code = Avx2.ShiftRightLogicalVariable(
                    Vector256.Create(word), Vector256.Create(0u, 4, 8, 12, 16, 20, 24, 28)) & Vector256.Create(0xFu);
                (Vector256.ConvertToSingle(code.AsInt32() - Vector256.Create(zero)) * scale).CopyTo(line[i..]);
            }
            else
            {
                for (int k = 0; k < count; k++, word >>= 4)
                    line[i + k] = ((int)(word & 0xF) - zero) * scale;
            }
            i += count;
        }
    }

    void ReadScattered(int row, int column, Span<float> line, int[] zeros, float[] scales, int[] groups)
    {
        for (int i = 0; i < line.Length; i++)
        {
            int at = column + i;
            uint word = Word(Pointer, (long)(at / Octet) * _outputs + row) >> (4 * (at % Octet));
            line[i] = ((int)(word & 0xF) - zeros[groups[at]]) * scales[groups[at]];
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
