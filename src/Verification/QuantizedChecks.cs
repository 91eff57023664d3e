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
                yield return Vector<float, Float32Element, Float32x4>(Name(4), PerWarp<Float32x4, float, Overwrite>(4), layout, columns, inner);
                yield return Vector<BFloat16, BFloat16Element, BFloat16x8>(Name(2), PerWarp<BFloat16x8, float, Overwrite>(2), layout, columns, inner);
            }
            yield return Gated<BFloat16, BFloat16Element, BFloat16x8>(Name(2), PerWarp<BFloat16x8, BFloat16, Gate<BFloat16, BFloat16Element>>(2), layout, 48, 384);
            yield return Gated<BFloat16, BFloat16Element, BFloat16x8>(Name(4), PerWarp<BFloat16x8, BFloat16, Gate<BFloat16, BFloat16Element>>(4), layout, 80, 1_152);
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
                float[] c = Multiply(PerWarp<Float32x4, float, Overwrite>(2), accelerator, data, a);
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
            Compare.Same<float>("c", Multiply(PerWarp<Float32x4, float, Overwrite>(2), accelerator, data, one),
                Array.ConvertAll(weights, value => (float)value));
            System.Runtime.InteropServices.MemoryMarshal.Cast<Half, float>(data.Scales.AsSpan())[2] = float.NaN;
            float[] c = Multiply(PerWarp<Float32x4, float, Overwrite>(2), accelerator, data, one);
            Compare.True(float.IsNaN(c[1]) && !float.IsNaN(c[0]) && !float.IsNaN(c[2]),
                $"the second row's first scale is NaN, but the products are {string.Join(", ", c)}.");
        });
        yield return NewCheck.Of("MatMulQuantizedVector: zero and tiny rows", (accelerator, inputs) =>
        {
            QuantizedData data = new(inputs, new QuantizedLayout(8, 32, false), 4, 128);
            Compare.True(Array.TrueForAll(Multiply(PerWarp<Float32x4, float, Overwrite>(2), accelerator, data, new float[128]), value => value == 0), "a row of zeros gave something else than zeros.");
            float[] tiny = Array.ConvertAll(inputs.Normal(128), value => value * 1e-38f);
            Compare.True(Array.TrueForAll(Multiply(PerWarp<Float32x4, float, Overwrite>(2), accelerator, data, tiny), value => Math.Abs(value) < 1e-25), "a row of 1e-38 gave something large.");
        });
    }

    /// <summary>The product of one row, of some kernel.</summary>
    internal delegate void Run<TPack, TOut>(AcceleratorStream stream, ArrayView<TPack> a, QuantizedMatrix w, ArrayView<TOut> c, MatMulShape shape)
        where TPack : unmanaged
        where TOut : unmanaged;

    static string Name(int columnsPerWarp) => $"MatMulQuantizedVector, {columnsPerWarp} a warp,";

    static Func<Accelerator, Run<TPack, TOut>> PerWarp<TPack, TOut, TEpilogue>(int columnsPerWarp)
        where TPack : unmanaged, IPack<TPack>
        where TOut : unmanaged
        where TEpilogue : struct, IEpilogue<TOut> => accelerator =>
        {
            MatMulQuantizedVector<TPack, TOut, TEpilogue> product = new(accelerator);
            return (stream, a, w, c, shape) => product.Run(stream, a, w, c, shape, columnsPerWarp);
        };

    internal static Check Vector<T, TElement, TPack>(string name, Func<Accelerator, Run<TPack, float>> run, QuantizedLayout layout, int columns, int inner)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack> =>
        NewCheck.Of($"{name} {columns} x {inner} {layout} {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            QuantizedData data = new(inputs, layout, columns, inner);
            T[] a = Stored<T, TElement>.Round(inputs.Normal(inner));
            float[] c = Multiply(run, accelerator, data, a);
            (double[] expected, double[] limits) = data.Product(Stored<T, TElement>.Values(a));
            Compare.Close("c", Array.ConvertAll(c, value => (double)value), expected, limits);
        });

    static float[] Multiply<T, TPack>(Func<Accelerator, Run<TPack, float>> run, Accelerator accelerator, QuantizedData data, T[] a)
        where T : unmanaged
        where TPack : unmanaged, IPack<TPack>
    {
        using GuardedBuffer<T> deviceA = new(accelerator, a);
        using GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
        using GuardedBuffer<Half> scales = new(accelerator, data.Scales);
        using GuardedBuffer<float> c = new(accelerator, data.Rows);
        run(accelerator)(accelerator.DefaultStream, deviceA.View.Cast<TPack>(),
            new QuantizedMatrix(codes.View, scales.View, data.Layout), c.View, new MatMulShape(1, data.Rows, data.Inner));
        return c.Read();
    }

    internal static Check Gated<T, TElement, TPack>(string name, Func<Accelerator, Run<TPack, T>> run, QuantizedLayout layout, int columns, int inner)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack> =>
        NewCheck.Of($"{name} gated {columns} x {inner} {layout} {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            QuantizedData data = new(inputs, layout, columns, inner);
            T[] a = Stored<T, TElement>.Round(inputs.Normal(inner));
            using GuardedBuffer<T> deviceA = new(accelerator, a), c = new(accelerator, columns / 2);
            using GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
            using GuardedBuffer<Half> scales = new(accelerator, data.Scales);
            run(accelerator)(accelerator.DefaultStream, deviceA.View.Cast<TPack>(),
                new QuantizedMatrix(codes.View, scales.View, layout), c.View, new MatMulShape(1, columns, inner));
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
