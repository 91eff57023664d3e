using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>A matrix in GPTQ's layout: the group of an input i is g_idx[i], or i / group size.</summary>
/// <remarks>
/// Codes [inputs / 8, outputs] and zero points [groups, outputs / 8] are int32 of 8 nibbles, the lowest first. The
/// first format stores zero points less 1; adding it wraps at 16, as its writers' subtraction does.
/// </remarks>
public sealed unsafe class GptqTensor : Int4Tensor
{
    readonly int[]? _groups, _order;
    readonly int _zeroOffset;

    /// <param name="codes">qweight.</param>
    /// <param name="info">The matrix.</param>
    /// <param name="zeros">qzeros.</param>
    /// <param name="scales">scales.</param>
    /// <param name="groups">g_idx: the group of each input; null where groups follow each other.</param>
    /// <param name="groupSize">Inputs of a group.</param>
    /// <param name="zeroOffset">What is added to a stored zero point.</param>
    public GptqTensor(WeightTensor codes, TensorInfo info, WeightTensor zeros, WeightTensor scales,
        WeightTensor? groups, int groupSize, int zeroOffset)
        : base(codes, info, zeros, scales, groupSize)
    {
        _zeroOffset = zeroOffset;
        _groups = groups is null ? null : GroupsOf(groups, (int)scales.Info.Shape[0]);
        _order = _groups is null ? null : Sorted(_groups, (int)scales.Info.Shape[0]);
    }

    /// <summary>The group of each input; null where groups follow each other.</summary>
    public IReadOnlyList<int>? Groups => _groups;

    /// <summary>What is added to a stored zero point, wrapping at 16.</summary>
    public int ZeroOffset => _zeroOffset;

    /// <inheritdoc/>
    public override GroupedFormat? Grouped => _groups is null || _order is not null ? base.Grouped : null;

    /// <inheritdoc/>
    public override int[]? InputOrder => Grouped is null ? null : _order;

    /// <inheritdoc/>
    protected override int GroupOf(int input) => _groups is null ? base.GroupOf(input) : _groups[input];

    /// <inheritdoc/>
    protected override bool WordsHaveOneGroup => _groups is null && base.WordsHaveOneGroup;

    /// <inheritdoc/>
    protected override int Zero(uint word, int output) => ((int)(word >> (4 * (output % Octet))) + _zeroOffset) & 0xF;

    /// <inheritdoc/>
    protected override void ReadCodes(int row, int rows, int word, int words, Span<uint> tile)
    {
        for (int w = 0; w < words; w++)
        {
            long first = (long)(word + w) * Outputs + row;
            int r = 0;
            for (; r <= rows - Vector128<uint>.Count; r += Vector128<uint>.Count)
                Place(InPairs(Words(first + r)), tile[(r * TileWords + w)..]);
            for (; r < rows; r++)
                tile[r * TileWords + w] = InPairs(Vector128.CreateScalar(Word(Pointer, first + r)))[0];
        }
    }

    /// <inheritdoc/>
    protected override void ReadSortedCodes(int row, int rows, int word, int words, Span<uint> tile)
    {
        if (_order is null)
        {
            ReadCodes(row, rows, word, words, tile);
            return;
        }
        for (int w = 0; w < words; w++)
        {
            ReadOnlySpan<int> inputs = _order.AsSpan((word + w) * Octet, Octet);
            int r = 0;
            for (; r <= rows - Vector128<uint>.Count; r += Vector128<uint>.Count)
            {
                Vector128<uint> turned = default;
                for (int k = 0; k < Octet; k++)
                    turned |= Code(Words(First(inputs[k], row + r)), inputs[k]) << Place(k);
                Place(turned, tile[(r * TileWords + w)..]);
            }
            for (; r < rows; r++)
            {
                uint turned = 0;
                for (int k = 0; k < Octet; k++)
                    turned |= ((Word(Pointer, First(inputs[k], row + r)) >> (4 * (inputs[k] % Octet))) & 0xF) << Place(k);
                tile[r * TileWords + w] = turned;
            }
        }
    }

    long First(int input, int output) => (long)(input / Octet) * Outputs + output;

    static Vector128<uint> Code(Vector128<uint> words, int input) => (words >> (4 * (input % Octet))) & Vector128.Create(0xFu);

    Vector128<uint> Words(long index) => Unsafe.ReadUnaligned<Vector128<uint>>(Pointer + index * sizeof(uint));

    /// <summary>A word for each of four outputs.</summary>
    static void Place(Vector128<uint> words, Span<uint> tile)
    {
        for (int r = 0; r < Vector128<uint>.Count; r++)
            tile[r * TileWords] = words[r];
    }

    /// <summary>Nibbles 0 to 7 as the bytes (0, 4), (1, 5), (2, 6), (3, 7), the low half first.</summary>
    static Vector128<uint> InPairs(Vector128<uint> words) =>
        Spread(words & Vector128.Create(0xFFFFu)) | (Spread(words >> 16) << 4);

    /// <summary>Four nibbles as four bytes.</summary>
    static Vector128<uint> Spread(Vector128<uint> nibbles)
    {
        Vector128<uint> pairs = (nibbles | (nibbles << 8)) & Vector128.Create(0x00FF00FFu);
        return (pairs | (pairs << 4)) & Vector128.Create(LowHalves);
    }

    /// <summary>Inputs by their groups, or null where groups have several sizes.</summary>
    int[]? Sorted(int[] groups, int count)
    {
        if (groups.Length != (long)count * GroupSize)
            return null;
        int[] order = new int[groups.Length], filled = new int[count];
        for (int input = 0; input < groups.Length; input++)
        {
            int group = groups[input];
            if (filled[group] == GroupSize)
                return null;
            order[group * GroupSize + filled[group]++] = input;
        }
        return order;
    }

    /// <summary>
    /// Null where groups follow each other; also where all inputs are in the first of several, which writers without
    /// act-order leave.
    /// </summary>
    int[]? GroupsOf(WeightTensor groups, int count)
    {
        int[] read = new int[groups.Info.Elements];
        bool areOrdered = true, areZero = true;
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = Unsafe.ReadUnaligned<int>(groups.Pointer + (long)i * sizeof(int));
            if (read[i] < 0 || read[i] >= count)
                throw new ModelFormatException(groups.File, $"{ModelFormatException.Quote(groups.Info.Name)} (at byte "
                    + $"{groups.Info.Offset}) holds {read[i]} for input {i}, expected 0 to {count - 1}. "
                    + "Fix: download the model again.");
            areOrdered &= read[i] == i / GroupSize;
            areZero &= read[i] == 0;
        }
        return areOrdered || areZero ? null : read;
    }
}
