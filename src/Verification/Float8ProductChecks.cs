using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>Activations as 8-bit floats, and their products with weights of 8-bit floats: every tile, k whole and in parts.</summary>
static class Float8ProductChecks
{
    const int Block = Float8RowsReference.Block;

    static readonly QuantizedLayout s_layout = new(8, Block, false) { IsFloat8 = true, HasFloat8Inputs = true };

    /// <summary>Around a tile's 16 to 128 rows and 128 columns, one block along k, an even and an odd number.</summary>
    static readonly (MatMulShape Shape, WeightsFirstPlan Plan)[] s_products =
    [
        (new(2, 16, 128), new(16, 1)), (new(17, 144, 384), new(32, 3)), (new(63, 48, 256), new(64, 2)),
        (new(64, 272, 512), new(64, 1)), (new(130, 272, 640), new(128, 2)), (new(127, 64, 128), new(128, 1)),
        (new(257, 144, 384), new(128, 1)),
    ];

    public static IEnumerable<Check> All()
    {
        foreach ((int rows, int inner) in new[] { (1, 128), (3, 384), (17, 640), (50, 1_152) })
            yield return NewCheck.Of($"RowsToFloat8 {rows} x {inner}", (accelerator, inputs) =>
                Rows(accelerator, Stored<BFloat16, BFloat16Element>.Round(Spread(inputs, rows * inner)), rows, inner));
        yield return NewCheck.Of("RowsToFloat8: zeros, the largest and smallest numbers, NaN, infinities", (accelerator, inputs) =>
            Rows(accelerator, Extremes(inputs), 8, 2 * Block));
        foreach ((MatMulShape shape, WeightsFirstPlan plan) in s_products)
        {
            string name = $"Float8 product of {plan.TileRows} in {plan.Parts}", sizes = $"{shape.Rows} x {shape.Columns} x {shape.Inner}";
            yield return NewCheck.Of($"{name}, exact, {sizes}", (accelerator, inputs) =>
                Exact(accelerator, new Float8Operands(inputs, shape, s_layout), plan, 1 << 20));
            yield return NewCheck.Of($"{name} {sizes}", (accelerator, inputs) => Bounded(accelerator, inputs, shape, plan));
        }
        yield return NewCheck.Of("Float8 product, exact, rows in two pieces", (accelerator, inputs) =>
            Exact(accelerator, new Float8Operands(inputs, new(790, 16, 128), s_layout), new(128, 1), 768 * 128));
        yield return NewCheck.Of("Float8 product: NaN of a row, of weights and of their scales", NotNumbers);
    }

    /// <summary>Of sizes that differ from block to block.</summary>
    static float[] Spread(Inputs inputs, int count)
    {
        float[] values = inputs.Normal(count), sizes = inputs.Normal(count / Block, 6);
        for (int i = 0; i < count; i++)
            values[i] *= MathF.Pow(2, MathF.Round(sizes[i / Block]));
        return values;
    }

    static BFloat16[] Extremes(Inputs inputs)
    {
        float[] values = inputs.Normal(16 * Block);
        float[] extremes = [0f, 1e-40f, 1e-31f, 1e-29f, 3.3e38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        for (int e = 0; e < extremes.Length; e++)
        {
            if (e < 5)
                for (int i = 0; i < Block; i++)
                    values[(2 * e + 1) * Block + i] = Math.Clamp(values[(2 * e + 1) * Block + i], -1, 1) * extremes[e];
            else
                values[(2 * e + 1) * Block + 77] = extremes[e];
        }
        return Stored<BFloat16, BFloat16Element>.Round(values);
    }

    static void Rows(Accelerator accelerator, BFloat16[] a, int rows, int inner)
    {
        Float8RowsReference expected = new(a);
        RowsToFloat8 kernel = new(HopperChecks.HopperCase(accelerator), 1 << 20);
        using GuardedBuffer<BFloat16> other = new(accelerator, [.. a.Select(value => BFloat16.FromFloat(3 - value.ToFloat()))]);
        using GuardedBuffer<BFloat16> device = new(accelerator, a);
        // What the second run leaves as it was is seen.
        kernel.Run(accelerator.DefaultStream, other.View, rows, inner);
        Float8Rows found = kernel.Run(accelerator.DefaultStream, device.View, rows, inner);
        accelerator.Synchronize();
        byte[] codes = new byte[a.Length];
        float[] scales = new float[found.Scales.Length];
        found.Codes.CopyToCPU(codes);
        found.Scales.CopyToCPU(scales);
        for (int block = 0; block < expected.Scales.Length; block++)
        {
            (int row, int column) = Math.DivRem(block, inner / Block);
            Compare.Same<float>($"scale of block {column} of row {row}",
                [scales[column * found.Pitch + RowsToFloat8.PlaceOf(row)]], [expected.Scales[block]]);
            if (float.IsFinite(expected.Scales[block]))
                Compare.Same<byte>($"block {column} of row {row}",
                    codes.AsSpan(block * Block, Block), expected.Codes.AsSpan(block * Block, Block));
        }
    }

    /// <summary>Products and sums of few bits: nothing is rounded but what an epilogue rounds.</summary>
    static void Exact(Accelerator accelerator, Float8Operands data, WeightsFirstPlan plan, int mostCodes)
    {
        using Float8Device device = new(accelerator, data, plan, mostCodes);
        MatMulShape shape = data.Shape;
        AcceleratorStream stream = accelerator.DefaultStream;
        using GuardedBuffer<float> wide = new(accelerator, data.Product.Length);
        device.Products.Run(stream, device.A, device.W, wide.View, shape);
        Compare.Same<float>("c", wide.Read(), data.Product);

        float[] before = [.. data.Product.Select((_, i) => (i % 37 - 18) / 16f)];
        using GuardedBuffer<float> residual = new(accelerator, before);
        device.Products.Add(stream, device.A, device.W, residual.View, shape);
        Compare.Same<float>("residual", residual.Read(), [.. data.Product.Zip(before, (sum, b) => sum + b)]);

        using GuardedBuffer<BFloat16> narrow = new(accelerator, data.Product.Length);
        device.Products.Narrow(stream, device.A, device.W, narrow.View, shape);
        Compare.Same<BFloat16>("narrow", narrow.Read(), Array.ConvertAll(data.Product, BFloat16.FromFloat));

        int outputs = shape.Columns / 2;
        using GuardedBuffer<BFloat16> gated = new(accelerator, shape.Rows * outputs);
        device.Products.Gated(stream, device.A, device.W, gated.View, shape);
        double[] expected = new double[shape.Rows * outputs], limits = new double[expected.Length];
        for (int e = 0; e < expected.Length; e++)
        {
            int output = e % outputs, gateAt = e / outputs * shape.Columns + output / 8 * 16 + output % 8;
            double gate = data.Product[gateAt], up = data.Product[gateAt + 8];
            expected[e] = ElementwiseReference.SwiGlu(gate, up);
            limits[e] = Tolerance.Storage<BFloat16>(expected[e],
                Math.Abs(expected[e]) * Tolerance.SwiGlu(gate) + Math.Abs(up) * Tolerance.SiluUnderflow);
        }
        Compare.Close("gated", Stored<BFloat16, BFloat16Element>.Values(gated.Read()), expected, limits);
    }

    /// <summary>Numbers of all sizes, within what the tensor cores may lose.</summary>
    static void Bounded(Accelerator accelerator, Inputs inputs, MatMulShape shape, WeightsFirstPlan plan)
    {
        QuantizedData weights = new(inputs, s_layout, shape.Columns, shape.Inner);
        BFloat16[] a = Stored<BFloat16, BFloat16Element>.Round(inputs.Normal(shape.Rows * shape.Inner));
        using Float8Device device = new(accelerator, a, weights.Codes, weights.Scales, s_layout, plan, 1 << 20);
        using GuardedBuffer<float> c = new(accelerator, shape.Rows * shape.Columns);
        device.Products.Run(accelerator.DefaultStream, device.A, device.W, c.View, shape);
        Float8RowsReference rows = new(a);
        double[] expected = new double[shape.Rows * shape.Columns], limits = new double[expected.Length];
        for (int i = 0; i < expected.Length; i++)
            (expected[i], limits[i]) = Sum(rows, weights, i / shape.Columns, i % shape.Columns, shape.Inner);
        Compare.Close("c", Array.ConvertAll(c.Read(), value => (double)value), expected, limits);
    }

    /// <summary>
    /// One output and its limit. A multiplication of 32 elements along k aligns its products and the sum before to the
    /// largest of them and chops them to 14 bits, a sign and two before the point among them (DeepSeek-V3 technical
    /// report, 3.3.2): each of 33 loses up to 2^-11 of the largest. The float32 sums over blocks round three times each.
    /// </summary>
    static (double Sum, double Limit) Sum(Float8RowsReference rows, QuantizedData weights, int row, int column, int inner)
    {
        double sum = 0, limit = 0;
        for (int block = 0; block < inner; block += Block)
        {
            double part = 0, lost = 0;
            double scale = rows.Scales[(row * inner + block) / Block];
            for (int step = 0; step < Block; step += 32)
            {
                double largest = Math.Abs(part) + lost;
                for (int k = block + step; k < block + step + 32; k++)
                {
                    double product = rows.Values[row * inner + k] * scale * weights.Weights[column * inner + k];
                    part += product;
                    largest = Math.Max(largest, Math.Abs(product));
                }
                lost += Math.ScaleB(33 * largest, -11);
            }
            sum += part;
            limit += lost + (Math.Abs(part) + lost) * Tolerance.Gamma(3 + inner / Block);
        }
        return (sum, limit);
    }

    static void NotNumbers(Accelerator accelerator, Inputs inputs)
    {
        MatMulShape shape = new(5, 24, 384);
        QuantizedData weights = new(inputs, s_layout, shape.Columns, shape.Inner);
        BFloat16[] a = Stored<BFloat16, BFloat16Element>.Round(inputs.Normal(shape.Rows * shape.Inner));
        a[2 * shape.Inner + 200] = BFloat16.FromFloat(float.NaN);
        a[4 * shape.Inner + 300] = BFloat16.FromFloat(float.NegativeInfinity);
        // The second block's of column 7; a code of NaN has its scale made NaN where it is loaded.
        MemoryMarshal.Cast<Half, float>(weights.Scales.AsSpan())[7 * 3 + 1] = float.NaN;
        MemoryMarshal.AsBytes(weights.Codes.AsSpan())[11 * shape.Inner + 383] = 0x7F;
        using Float8Device device = new(accelerator, a, weights.Codes, weights.Scales, s_layout, new(16, 1), 1 << 20);
        using GuardedBuffer<float> c = new(accelerator, shape.Rows * shape.Columns);
        device.Products.Run(accelerator.DefaultStream, device.A, device.W, c.View, shape);
        float[] found = c.Read();
        for (int i = 0; i < found.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, shape.Columns);
            bool isLost = row is 2 or 4 || column is 7 or 11;
            Compare.True(isLost == float.IsNaN(found[i]) && (isLost || float.IsFinite(found[i])),
                $"c[{row}, {column}] is {found[i]}.");
        }
    }
}
