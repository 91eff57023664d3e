using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>
/// A quantised embedding and output matrix: rows that ids name, and logits of many rows, which are made in pieces.
/// </summary>
static class QuantizedTableChecks
{
    static readonly QuantizedLayout[] s_layouts = [new(4, 32, false), new(4, 32, true), new(8, 16, false),
        new(8, 32, true), new(8, 32, false) { IsFloat8 = true }];

    public static IEnumerable<Check> All()
    {
        foreach (QuantizedLayout layout in s_layouts)
        {
            foreach ((int tokens, int hidden) in new[] { (1, 32), (5, 1_056), (3, 2_208) })
                yield return NewCheck.Of($"EmbeddingQuantized {tokens} x {hidden} {layout}", (accelerator, inputs) =>
                    Embedding(accelerator, inputs, layout, tokens, hidden));
            // The last piece is part of one, or there is only one.
            foreach ((int rows, int columns, int inner, int weights) in new[] { (2, 700, 64, 256 * 64 + 5), (9, 512, 96,
                256 * 96), (19, 300, 64, 300 * 64) })
            {
                yield return NewCheck.Of($"WeightProducts {rows} x {columns} x {inner} {layout} in pieces float32",
                    (accelerator, inputs) => InPieces<float, Float32Element, Float32x4>(accelerator, inputs,
                    new MatMulFloat32(accelerator), layout, new MatMulShape(rows, columns, inner), weights,
                    Tolerance.Gamma(inner)));
                yield return NewCheck.Of($"WeightProducts {rows} x {columns} x {inner} {layout} in pieces bf16",
                    (accelerator, inputs) => InPieces<BFloat16, BFloat16Element, BFloat16x8>(accelerator, inputs,
                    new MatMulBFloat16(accelerator), layout, new MatMulShape(rows, columns, inner), weights,
                    Tolerance.TensorCoreGamma(inner)));
            }
        }
        foreach (int rows in (int[])[2, 7, 24, 130])
            yield return NewCheck.Of($"WeightProducts of two matrices in turn, {rows} rows",
                (accelerator, inputs) => InTurn(accelerator, inputs, rows));
        foreach (QuantizedLayout layout in (QuantizedLayout[])[.. s_layouts, new(4, 128, true), new(8, 32, false)])
            yield return NewCheck.Of($"RandomQuantized {layout}", (accelerator, _) => Random(accelerator, layout));
        foreach ((int rows, int width, int columns, int first) in new[] { (1, 1, 1, 0), (3, 257, 600, 343), (2, 255,
            256, 0) })
            yield return NewCheck.Of($"PlaceColumns {rows} x {width} of {columns} from {first}",
                (accelerator, inputs) =>
            {
                float[] piece = inputs.Normal((long)rows * width), before = inputs.Normal((long)rows * columns);
                using GuardedBuffer<float> devicePiece = new(accelerator, piece), c = new(accelerator, before);
                new PlaceColumns(accelerator).Run(accelerator.DefaultStream, devicePiece.View, c.View, rows, first);
                for (int row = 0; row < rows; row++)
                    piece.AsSpan(row * width, width).CopyTo(before.AsSpan(row * columns + first));
                Compare.Same<float>("c", c.Read(), before);
            });
    }

    /// <summary>
    /// Two matrices that are unpacked into the same memory, one right after the other: a product that read weights
    /// before they were there would have the other's.
    /// </summary>
    static void InTurn(Accelerator accelerator, Inputs inputs, int rows)
    {
        const int Columns = 256, Inner = 512, Rounds = 20;
        QuantizedLayout layout = new(8, 128, false) { IsFloat8 = true };
        using UnpackedWeights<BFloat16, BFloat16Element> unpacked = new(accelerator);
        unpacked.Reserve(new UnpackingRoom(Columns * Inner, 0));
        WeightProducts<BFloat16, BFloat16Element, BFloat16x8> products = new(accelerator, new MatMulBFloat16(accelerator), unpacked);
        using GuardedBuffer<BFloat16> a = new(accelerator,
            Stored<BFloat16, BFloat16Element>.Round(inputs.Normal((long)rows * Inner)));
        using GuardedBuffer<float> c = new(accelerator, rows * Columns);
        List<WeightMatrix<BFloat16>> matrices = [];
        List<IDisposable> buffers = [];
        try
        {
            for (int k = 0; k < 2; k++)
            {
                QuantizedData data = new(inputs, layout, Columns, Inner);
                GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
                buffers.Add(codes);
                GuardedBuffer<Half> scales = new(accelerator, data.Scales);
                buffers.Add(scales);
                matrices.Add(new WeightMatrix<BFloat16>(default, [new QuantizedMatrix(codes.View, scales.View, layout)]));
            }
            float[][] alone = [.. matrices.Select(matrix =>
            {
                products.Run(accelerator.DefaultStream, a.View, matrix, c.View, new MatMulShape(rows, Columns, Inner));
                return c.Read();
            })];
            for (int round = 0; round < Rounds; round++)
            {
                foreach (WeightMatrix<BFloat16> matrix in matrices)
                    products.Run(accelerator.DefaultStream, a.View, matrix, c.View, new MatMulShape(rows, Columns, Inner));
                Compare.Same<float>($"the second product of round {round}", c.Read(), alone[1]);
            }
        }
        finally
        {
            buffers.ForEach(buffer => buffer.Dispose());
        }
    }

    /// <summary>
    /// Mean and deviation of random weights: their own estimates are off by a few times 1 / sqrt(weights), and where
    /// signs make the mean zero by the code's mean of half a step times 1 / sqrt(groups).
    /// </summary>
    static void Random(Accelerator accelerator, QuantizedLayout layout)
    {
        const int Weights = 1 << 17;
        const float Deviation = 0.02f;
        using GuardedBuffer<CodePack> codes = new(accelerator, Weights / layout.PackWeights);
        using GuardedBuffer<Half> scales = new(accelerator, layout.ScaleCount(Weights));
        using GuardedBuffer<float> w = new(accelerator, Weights);
        QuantizedMatrix matrix = new(codes.View, scales.View, layout);
        new RandomQuantized(accelerator).Run(accelerator.DefaultStream, matrix, 5, Deviation);
        new Unpack<float, Float32Element>(accelerator).Run(accelerator.DefaultStream, matrix, w.View);
        codes.Read();
        scales.Read();
        float[] values = w.Read();
        double mean = values.Average(value => (double)value), square = values.Average(value => (double)value * value);
        double step = Math.Sqrt(12) / (1 << layout.Bits) / 2;
        double limit = 5 * Deviation * (1 / Math.Sqrt(Weights) + step / Math.Sqrt(Weights / layout.Group));
        Compare.True(Math.Abs(mean) <= limit, $"the mean is {mean}, expected 0 within {limit}.");
        // A scale in half precision is off by 2^-11 at most, and squares of 8-bit floats scatter most, by 1.7 times
        // their mean.
        double deviation = Math.Sqrt(square) / Deviation, off = 5 * 1.7 / Math.Sqrt(Weights) + 1e-3;
        Compare.True(Math.Abs(deviation - 1) <= off,
            $"the deviation is {deviation} times what was asked for, expected 1 within {off}.");
    }

    static void Embedding(Accelerator accelerator, Inputs inputs, QuantizedLayout layout, int tokens, int hidden)
    {
        const int Vocabulary = 11;
        QuantizedData data = new(inputs, layout, Vocabulary, hidden);
        int[] ids = inputs.Integers(tokens, Vocabulary);
        ids[^1] = Vocabulary - 1;
        using GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
        using GuardedBuffer<Half> scales = new(accelerator, data.Scales);
        using GuardedBuffer<int> deviceIds = new(accelerator, ids), position = new(accelerator, [tokens - 1]);
        using GuardedBuffer<float> x = new(accelerator, (long)tokens * hidden), last = new(accelerator, hidden);
        EmbeddingQuantized embedding = new(accelerator);
        embedding.Run(accelerator.DefaultStream, deviceIds.View, ArrayView<int>.Empty,
            new QuantizedMatrix(codes.View, scales.View, layout), x.View, hidden);
        embedding.Run(accelerator.DefaultStream, deviceIds.View, position.View,
            new QuantizedMatrix(codes.View, scales.View, layout), last.View, hidden);
        double[] errors = data.UnpackingErrors<float>();
        double[] Rows(double[] table) => [.. ids.SelectMany(id => table.AsSpan(id * hidden, hidden).ToArray())];
        float[] found = x.Read();
        Compare.Close("x", Array.ConvertAll(found, value => (double)value), Rows(data.Weights), Rows(errors));
        Compare.Same<float>("x of the place on the device", last.Read(), found.AsSpan((tokens - 1) * hidden));
    }

    static void InPieces<T, TElement, TPack>(Accelerator accelerator, Inputs inputs, MatMul<T> plain,
        QuantizedLayout layout, MatMulShape shape, int room, double gamma)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
    {
        QuantizedData data = new(inputs, layout, shape.Columns, shape.Inner);
        T[] a = Stored<T, TElement>.Round(inputs.Normal((long)shape.Rows * shape.Inner));
        using GuardedBuffer<T> deviceA = new(accelerator, a);
        using GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
        using GuardedBuffer<Half> scales = new(accelerator, data.Scales);
        using GuardedBuffer<float> c = new(accelerator, (long)shape.Rows * shape.Columns);
        using UnpackedWeights<T, TElement> unpacked = new(accelerator);
        unpacked.Reserve(new UnpackingRoom(room, 256L * shape.Rows));
        new WeightProducts<T, TElement, TPack>(accelerator, plain, unpacked).Run(accelerator.DefaultStream,
            deviceA.View, new WeightMatrix<T>(default, [new QuantizedMatrix(codes.View, scales.View, layout)]), c.View,
            shape);

        MatrixReference reference = MatrixReference.Unpacked<T>(data, gamma);
        double[] expected = new double[shape.Rows * shape.Columns], limits = new double[expected.Length], values =
            Stored<T, TElement>.Values(a), exact = new double[shape.Inner];
        for (int i = 0; i < expected.Length; i++)
            (expected[i], limits[i]) = reference.Product(i % shape.Columns,
                values.AsSpan(i / shape.Columns * shape.Inner, shape.Inner), exact);
        Compare.Close("c", Array.ConvertAll(c.Read(), value => (double)value), expected, limits);
    }
}
