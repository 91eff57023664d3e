using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>Products with quantised weights, and their unpacking, against the weights that codes and scales stand for.</summary>
static class QuantizedChecks
{
    static readonly QuantizedLayout[] s_layouts =
    [
        new(4, 32, false), new(4, 32, true), new(4, 64, true), new(4, 128, true), new(8, 16, false), new(8, 16, true), new(8, 32, false), new(8, 32, true), new(8, 128, true),
        new(8, 16, false) { IsFloat8 = true }, new(8, 128, false) { IsFloat8 = true },
    ];

    /// <summary>Columns around a group's 8, rows around the 4 steps of 32 packs of either width; the last is long.</summary>
    static readonly (int Columns, int Inner)[] s_sizes = [(1, 128), (7, 256), (9, 640), (17, 2_176), (3, 4_224), (2, 11_008)];

    public static IEnumerable<Check> All()
    {
        foreach (QuantizedLayout layout in s_layouts)
        {
            foreach ((int columns, int inner) in s_sizes)
            {
                yield return Vector<float, Float32Element, Float32x4>(layout, columns, inner, 4);
                yield return Vector<BFloat16, BFloat16Element, BFloat16x8>(layout, columns, inner, 2);
            }
            yield return Gated<BFloat16, BFloat16Element, BFloat16x8>(layout, 48, 384, 2);
            yield return Gated<BFloat16, BFloat16Element, BFloat16x8>(layout, 80, 1_152, 4);
            yield return Unpacked<float, Float32Element>(layout, 5, 384);
            yield return Unpacked<BFloat16, BFloat16Element>(layout, 67, 1_152);
        }
        yield return NewCheck.Of("MatMulQuantizedVector: NaN and infinity of the row", (accelerator, inputs) =>
        {
            foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            {
                QuantizedData data = new(inputs, new QuantizedLayout(4, 32, true), 4, 128);
                float[] a = inputs.Normal(128);
                a[77] = bad;
                float[] c = Multiply<float, Float32x4>(accelerator, data, a);
                Compare.True(Array.TrueForAll(c, float.IsNaN), $"a row with {bad} gave {string.Join(", ", c)}, expected NaN.");
            }
        });
        yield return NewCheck.Of("MatMulQuantizedVector: 8-bit floats of a group whose scale is NaN, and all codes",
            (accelerator, inputs) =>
        {
            QuantizedData data = new(inputs, new QuantizedLayout(8, 128, false) { IsFloat8 = true }, 3, 256);
            float[] one = new float[256];
            one[200] = 1;
            double[] weights = [data.Weights[200], data.Weights[456], data.Weights[712]];
            Compare.Same<float>("c", Multiply<float, Float32x4>(accelerator, data, one),
                Array.ConvertAll(weights, value => (float)value));
            System.Runtime.InteropServices.MemoryMarshal.Cast<Half, float>(data.Scales.AsSpan())[2] = float.NaN;
            float[] c = Multiply<float, Float32x4>(accelerator, data, one);
            Compare.True(float.IsNaN(c[1]) && !float.IsNaN(c[0]) && !float.IsNaN(c[2]),
                $"the second row's first scale is NaN, but the products are {string.Join(", ", c)}.");
        });
        yield return NewCheck.Of("MatMulQuantizedVector: zero and tiny rows", (accelerator, inputs) =>
        {
            QuantizedData data = new(inputs, new QuantizedLayout(8, 32, false), 4, 128);
            Compare.True(Array.TrueForAll(Multiply<float, Float32x4>(accelerator, data, new float[128]), value => value == 0), "a row of zeros gave something else than zeros.");
            float[] tiny = Array.ConvertAll(inputs.Normal(128), value => value * 1e-38f);
            Compare.True(Array.TrueForAll(Multiply<float, Float32x4>(accelerator, data, tiny), value => Math.Abs(value) < 1e-25), "a row of 1e-38 gave something large.");
        });
    }

    static Check Vector<T, TElement, TPack>(QuantizedLayout layout, int columns, int inner, int columnsPerWarp)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack> =>
        NewCheck.Of($"MatMulQuantizedVector {columns} x {inner} {layout}, {columnsPerWarp} a warp, {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            QuantizedData data = new(inputs, layout, columns, inner);
            T[] a = Stored<T, TElement>.Round(inputs.Normal(inner));
            float[] c = Multiply<T, TPack>(accelerator, data, a, columnsPerWarp);
            (double[] expected, double[] limits) = data.Product(Stored<T, TElement>.Values(a));
            Compare.Close("c", Array.ConvertAll(c, value => (double)value), expected, limits);
        });

    static float[] Multiply<T, TPack>(Accelerator accelerator, QuantizedData data, T[] a, int columnsPerWarp = 2)
        where T : unmanaged
        where TPack : unmanaged, IPack<TPack>
    {
        using GuardedBuffer<T> deviceA = new(accelerator, a);
        using GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
        using GuardedBuffer<Half> scales = new(accelerator, data.Scales);
        using GuardedBuffer<float> c = new(accelerator, data.Rows);
        new MatMulQuantizedVector<TPack, float, Overwrite>(accelerator).Run(accelerator.DefaultStream, deviceA.View.Cast<TPack>(),
            new QuantizedMatrix(codes.View, scales.View, data.Layout), c.View, new MatMulShape(1, data.Rows, data.Inner), columnsPerWarp);
        return c.Read();
    }

    static Check Gated<T, TElement, TPack>(QuantizedLayout layout, int columns, int inner, int columnsPerWarp)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack> =>
        NewCheck.Of($"MatMulQuantizedVector gated {columns} x {inner} {layout}, {columnsPerWarp} a warp, {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            QuantizedData data = new(inputs, layout, columns, inner);
            T[] a = Stored<T, TElement>.Round(inputs.Normal(inner));
            using GuardedBuffer<T> deviceA = new(accelerator, a), c = new(accelerator, columns / 2);
            using GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
            using GuardedBuffer<Half> scales = new(accelerator, data.Scales);
            new MatMulQuantizedVector<TPack, T, Gate<T, TElement>>(accelerator).Run(accelerator.DefaultStream, deviceA.View.Cast<TPack>(),
                new QuantizedMatrix(codes.View, scales.View, layout), c.View, new MatMulShape(1, columns, inner), columnsPerWarp);
            (double[] product, double[] errors) = data.Product(Stored<T, TElement>.Values(a));
            double[] expected = new double[columns / 2], limits = new double[columns / 2];
            for (int e = 0; e < expected.Length; e++)
            {
                int gateAt = e / 8 * 16 + e % 8;
                double gate = product[gateAt], up = product[gateAt + 8];
                expected[e] = ElementwiseReference.SwiGlu(gate, up);
                // silu's slope is at most 1.1, and |silu(z)| at most |z|.
                double inputError = 1.1 * errors[gateAt] * (Math.Abs(up) + errors[gateAt + 8]) + Math.Abs(gate) * errors[gateAt + 8];
                double bound = inputError + (Math.Abs(expected[e]) + inputError) * Tolerance.SwiGlu(gate) + Math.Abs(up) * Tolerance.SiluUnderflow;
                limits[e] = Tolerance.Storage<T>(expected[e], bound);
            }
            Compare.Close("c", Stored<T, TElement>.Values(c.Read()), expected, limits);
        });

    static Check Unpacked<T, TElement>(QuantizedLayout layout, int rows, int inner)
        where T : unmanaged
        where TElement : struct, IElement<T> =>
        NewCheck.Of($"Unpack {rows} x {inner} {layout} {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            QuantizedData data = new(inputs, layout, rows, inner);
            using GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
            using GuardedBuffer<Half> scales = new(accelerator, data.Scales);
            using GuardedBuffer<T> w = new(accelerator, (long)rows * inner);
            new Unpack<T, TElement>(accelerator).Run(accelerator.DefaultStream, new QuantizedMatrix(codes.View, scales.View, layout), w.View);
            Compare.Close("w", Stored<T, TElement>.Values(w.Read()), data.Weights, data.UnpackingErrors<T>());
        });
}
