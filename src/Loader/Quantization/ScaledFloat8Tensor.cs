using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader.Quantization;

/// <summary>A matrix of 8-bit floats (E4M3): <c>weight[o, i] = value[o, i] · s[o / rows, i / columns]</c>.</summary>
/// <param name="codes">The matrix as stored.</param>
/// <param name="scales">One for each block, row by row.</param>
/// <param name="blockRows">Outputs of a block.</param>
/// <param name="blockColumns">Inputs of a block.</param>
public sealed class ScaledFloat8Tensor(WeightTensor codes, WeightTensor scales, long blockRows, long blockColumns)
    : DerivedTensor(codes, codes.Info, bandRows: 1)
{
    const int LargestGroup = 128, SmallestGroup = 16;
    const byte PositiveNaN = 0x7F, NegativeNaN = 0xFF;

    readonly long _blocksPerRow = (codes.Info.Shape[1] + blockColumns - 1) / blockColumns;

    /// <summary>Scales, as stored.</summary>
    public WeightTensor Scales => scales;

    /// <summary>Outputs of a block with one scale.</summary>
    public long BlockRows => blockRows;

    /// <summary>Inputs of a block with one scale.</summary>
    public long BlockColumns => blockColumns;

    /// <summary>Whether what it is multiplied with is meant to be rounded to E4M3 too.</summary>
    public bool HasFloat8Inputs { get; init; }

    /// <inheritdoc/>
    /// <remarks>Whatever the blocks are, each row has groups of one size, the largest up to 128 that no block's edge
    /// cuts.</remarks>
    public override GroupedFormat? Grouped
    {
        get
        {
            long inputs = Info.Shape[1], edges = blockColumns < inputs ? blockColumns : inputs;
            int group = LargestGroup;
            while (inputs % group != 0 || edges % group != 0)
                group /= 2;
            return group < SmallestGroup ? null : new GroupedFormat(8, group, HasOffset: false)
            {
                IsFloat8 = true,
                HasFloat8Inputs = HasFloat8Inputs,
            };
        }
    }

    /// <inheritdoc/>
    /// <remarks>The file's bytes; a group with a code of NaN gets NaN as its scale, which kernels pass on.</remarks>
    protected override void ReadGroups(GroupedFormat format, long start, int count, Span<byte> codes, Span<Half> scales)
    {
        ReadBytes(start, codes);
        Span<float> groupScales = MemoryMarshal.Cast<Half, float>(scales);
        for (int g = 0; g < count / format.Group; g++)
        {
            (long row, long column) = Math.DivRem(start + (long)g * format.Group, Info.Shape[1]);
            Scales.ToFloat32(row / blockRows * _blocksPerRow + column / blockColumns, groupScales.Slice(g, 1));
            if (codes.Slice(g * format.Group, format.Group).ContainsAny(PositiveNaN, NegativeNaN))
                groupScales[g] = float.NaN;
        }
    }

    /// <inheritdoc/>
    protected override unsafe void ReadRectangle(int row, int rows, int column, int columns, Span<float> to)
    {
        Span<float> scale = stackalloc float[1];
        for (int r = row; r < row + rows; r++)
        {
            byte* line = Pointer + r * Info.Shape[1];
            Span<float> output = to.Slice((r - row) * columns, columns);
            for (int at = column; at < column + columns;)
            {
                long block = at / blockColumns;
                int end = (int)Math.Min((block + 1) * blockColumns, column + columns);
                scales.ToFloat32(r / blockRows * _blocksPerRow + block, scale);
                Unpack(new ReadOnlySpan<byte>(line + at, end - at), scale[0], output[(at - column)..]);
                at = end;
            }
        }
    }

    static void Unpack(ReadOnlySpan<byte> codes, float scale, Span<float> to)
    {
        int i = 0;
        for (; i <= codes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(Vector128.Create(codes[i..]));
            (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(lower);
            (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(upper);
            (Values(Vector256.Create(a, b)) * scale).CopyTo(to[i..]);
            (Values(Vector256.Create(c, d)) * scale).CopyTo(to[(i + Vector256<float>.Count)..]);
        }
        for (; i < codes.Length; i++)
            to[i] = Values(Vector256.Create((uint)codes[i]))[0] * scale;
    }

    /// <summary>
    /// Sign, 4 bits of exponent with bias 7, 3 of mantissa; no infinity, NaN where all 7 are set. Put into float32's
    /// places the exponent is too small by 120 = 127 - 7, also for subnormals.
    /// </summary>
    static Vector256<float> Values(Vector256<uint> codes)
    {
        Vector256<uint> magnitude = codes & Vector256.Create(0x7Fu);
        Vector256<float> value = (magnitude << 20).AsSingle() * Vector256.Create(247u << 23).AsSingle();
        Vector256<uint> bits = Vector256.ConditionalSelect(Vector256.Equals(magnitude, Vector256.Create(0x7Fu)),
            Vector256.Create(float.NaN).AsUInt32(), value.AsUInt32());
        return (bits | ((codes & Vector256.Create(0x80u)) << 24)).AsSingle();
    }
}
