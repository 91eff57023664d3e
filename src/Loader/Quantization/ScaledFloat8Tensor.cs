namespace IlgpuDca.Loader.Quantization;

/// <summary>A matrix of 8-bit floats (E4M3): <c>weight[o, i] = value[o, i] · s[o / rows, i / columns]</c>.</summary>
/// <param name="codes">The matrix as stored.</param>
/// <param name="scales">One for each block, row by row.</param>
/// <param name="blockRows">Outputs of a block.</param>
/// <param name="blockColumns">Inputs of a block.</param>
public sealed class ScaledFloat8Tensor(WeightTensor codes, WeightTensor scales, long blockRows, long blockColumns)
    : DerivedTensor(codes, codes.Info, bandRows: 1)
{
    static readonly float[] Values = [.. Enumerable.Range(0, 256).Select(Value)];

    readonly long _blocksPerRow = (codes.Info.Shape[1] + blockColumns - 1) / blockColumns;

    /// <summary>Scales, as stored.</summary>
    public WeightTensor Scales => scales;

    /// <summary>Outputs of a block with one scale.</summary>
    public long BlockRows => blockRows;

    /// <summary>Inputs of a block with one scale.</summary>
    public long BlockColumns => blockColumns;

    /// <summary>Sign, 4 bits of exponent with bias 7, 3 of mantissa; no infinity, and NaN where all 7 are set.</summary>
    static float Value(int code)
    {
        int exponent = (code >> 3) & 0xF, mantissa = code & 7;
        float magnitude = (code & 0x7F) == 0x7F ? float.NaN
            : exponent == 0 ? MathF.ScaleB(mantissa, -9)
            : MathF.ScaleB(8 + mantissa, exponent - 10);
        return code < 128 ? magnitude : -magnitude;
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
                for (; at < end; at++)
                    output[at - column] = Values[line[at]] * scale[0];
            }
        }
    }
}
