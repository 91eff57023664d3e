using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Verification;

/// <summary>Matrix products: each kernel by itself, and the two that choose among them.</summary>
static class MatMulChecks
{
    /// <summary>
    /// Few rows: all counts that the vector kernel is compiled for; columns around its 2 or 4 a warp, inner around its 8 or 2 steps of
    /// 32 packs. One row: columns around a group's 4 or 2, inner around its 2 or 6 steps of 128 packs, long from 1,024 packs on.
    /// </summary>
    static readonly MatMulShape[] s_few =
    [
        new(1, 1, 1), new(1, 1, 8), new(2, 3, 24), new(3, 17, 40), new(4, 15, 256), new(5, 16, 264), new(6, 33, 37), new(7, 5, 130), new(8, 19, 520), new(1, 9, 1032), new(2, 7, 2080), new(4, 5, 1024), new(1, 3, 150),
        new(1, 4, 1016), new(1, 13, 2056), new(1, 6, 4096), new(1, 5, 6152), new(1, 3, 8184), new(1, 1, 8192), new(1, 7, 12_296),
    ];

    /// <summary>Many rows: around the tiles' 64 and 128, steps of 32, inner sizes that are no multiple of a pack.</summary>
    static readonly MatMulShape[] s_many =
    [
        new(9, 1, 8), new(63, 65, 31), new(64, 63, 32), new(65, 64, 33), new(17, 129, 1), new(127, 5, 40), new(128, 10, 24), new(129, 131, 72), new(10, 127, 136),
    ];

    /// <summary>Columns that are pairs of a gate and an up row: multiples of 16, on both sides of the tiles.</summary>
    static readonly MatMulShape[] s_pairs =
    [
        new(1, 16, 8), new(1, 48, 2056), new(1, 16, 8200), new(2, 32, 37), new(3, 80, 136), new(8, 16, 40), new(9, 16, 24), new(63, 144, 31), new(65, 64, 33), new(130, 144, 72),
    ];

    /// <summary>
    /// Around the tiles on tensor cores, 128 × 128 and 128 × 256, and around the steps and stages that their rings hold.
    /// </summary>
    static readonly MatMulShape[] s_tiles =
    [
        new(1, 1, 8), new(2, 127, 24), new(127, 130, 32), new(128, 256, 56), new(129, 257, 64), new(130, 255, 72),
        new(126, 258, 104), new(65, 1, 136), new(257, 129, 200), new(3, 513, 1032),
    ];

    public static IEnumerable<Check> All()
    {
        foreach (MatMulShape shape in s_few.Concat(s_many))
        {
            foreach (Check check in Of<float, Float32Element>("MatMulFloat32", accelerator => new MatMulFloat32(accelerator), shape, Tolerance.Gamma(shape.Inner)))
                yield return check;
            foreach (Check check in Of<BFloat16, BFloat16Element>("MatMulBFloat16", accelerator => new MatMulBFloat16(accelerator), shape, Tolerance.TensorCoreGamma(shape.Inner)))
                yield return check;
        }
        foreach (MatMulShape shape in s_pairs)
        {
            yield return Gated<float, Float32Element>("MatMulFloat32", accelerator => new MatMulFloat32(accelerator), shape, Tolerance.Gamma(shape.Inner));
            yield return Gated<BFloat16, BFloat16Element>("MatMulBFloat16", accelerator => new MatMulBFloat16(accelerator), shape, Tolerance.TensorCoreGamma(shape.Inner));
        }
        foreach (Check check in Tiles<Tile128x128>().Concat(Tiles<Tile128x256>()))
            yield return check;
        foreach (MatMulShape shape in s_many)
            if (shape.Inner % 8 == 0)
                yield return Product<BFloat16, BFloat16Element>("MatMulTile", accelerator => new MatMulTile<BFloat16, BFloat16Element, float, Overwrite>(accelerator).Run,
                    shape, Tolerance.Gamma(shape.Inner));
    }

    static IEnumerable<Check> Tiles<TTile>()
        where TTile : struct, ITensorCoreTile
    {
        foreach (MatMulShape shape in s_tiles)
            yield return Product<BFloat16, BFloat16Element>($"MatMulTensorCore {typeof(TTile).Name}",
                accelerator => TensorCore<TTile>(accelerator).Run, shape, Tolerance.TensorCoreGamma(shape.Inner));
    }

    static MatMulTensorCore<TTile, float, Overwrite> TensorCore<TTile>(Accelerator accelerator)
        where TTile : struct, ITensorCoreTile
    {
        int bytes = accelerator.MaxSharedMemoryPerGroup;
        return MatMulTensorCore<TTile, float, Overwrite>.SharedBytes <= bytes ? new(accelerator)
            : throw new CheckSkipped($"{accelerator.Name} has {bytes} bytes of shared memory for a group.");
    }

    delegate void Run<T>(AcceleratorStream stream, ILGPU.ArrayView<T> a, ILGPU.ArrayView<T> w, ILGPU.ArrayView<float> c, MatMulShape shape)
        where T : unmanaged;

    public static IEnumerable<Check> Of<T, TElement>(string kernel, Func<Accelerator, MatMul<T>> make, MatMulShape shape, double relative)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        yield return Product<T, TElement>(kernel, accelerator => make(accelerator).Run, shape, relative);
        string name = $"{shape.Rows} x {shape.Columns} x {shape.Inner} {Stored<T, TElement>.Name}";
        yield return NewCheck.Of($"{kernel}.Add {name}", (accelerator, inputs) =>
        {
            (T[] a, T[] w) = Operands<T, TElement>(inputs, shape);
            float[] before = inputs.Normal(shape.Rows * shape.Columns);
            using GuardedBuffer<T> deviceA = new(accelerator, a), deviceW = new(accelerator, w);
            using GuardedBuffer<float> residual = new(accelerator, before);
            make(accelerator).Add(accelerator.DefaultStream, deviceA.View, deviceW.View, residual.View, shape);
            (double[] expected, double[] magnitude) = MatMulReference.Of(Stored<T, TElement>.Values(a), Stored<T, TElement>.Values(w), shape);
            // The sum's error, and one addition.
            double[] limits = [.. magnitude.Zip(before, (m, b) => m * relative + Tolerance.U * (Math.Abs(b) + m * (1 + relative)))];
            Compare.Close("residual", Array.ConvertAll(residual.Read(), value => (double)value), [.. expected.Zip(before, (e, b) => e + b)], limits);
        });
        yield return NewCheck.Of($"{kernel}.Narrow {name}", (accelerator, inputs) =>
        {
            (T[] a, T[] w) = Operands<T, TElement>(inputs, shape);
            using GuardedBuffer<T> deviceA = new(accelerator, a), deviceW = new(accelerator, w), c = new(accelerator, shape.Rows * shape.Columns);
            make(accelerator).Narrow(accelerator.DefaultStream, deviceA.View, deviceW.View, c.View, shape);
            (double[] expected, double[] magnitude) = MatMulReference.Of(Stored<T, TElement>.Values(a), Stored<T, TElement>.Values(w), shape);
            Compare.Close("c", Stored<T, TElement>.Values(c.Read()), expected, [.. expected.Zip(magnitude, (e, m) => Tolerance.Storage<T>(e, m * relative))]);
        });
    }

    /// <summary>The gated product of interleaved rows against silu(gate) · up of the reference's two products.</summary>
    public static Check Gated<T, TElement>(string kernel, Func<Accelerator, MatMul<T>> make, MatMulShape shape, double relative)
        where T : unmanaged
        where TElement : struct, IElement<T> =>
        NewCheck.Of($"{kernel}.Gated {shape.Rows} x {shape.Columns} x {shape.Inner} {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            (T[] a, T[] w) = Operands<T, TElement>(inputs, shape);
            int outputs = shape.Columns / 2;
            using GuardedBuffer<T> deviceA = new(accelerator, a), deviceW = new(accelerator, w), c = new(accelerator, shape.Rows * outputs);
            make(accelerator).Gated(accelerator.DefaultStream, deviceA.View, deviceW.View, c.View, shape);
            (double[] product, double[] magnitude) = MatMulReference.Of(Stored<T, TElement>.Values(a), Stored<T, TElement>.Values(w), shape);
            double[] expected = new double[shape.Rows * outputs], limits = new double[expected.Length];
            for (int e = 0; e < expected.Length; e++)
            {
                // Output j's gate is row 16 (j / 8) + j % 8 of w, its up row 8 further.
                int output = e % outputs, gateAt = e / outputs * shape.Columns + output / 8 * 16 + output % 8;
                double gate = product[gateAt], up = product[gateAt + 8], gateError = magnitude[gateAt] * relative, upError = magnitude[gateAt + 8] * relative;
                expected[e] = ElementwiseReference.SwiGlu(gate, up);
                // silu's slope is at most 1.1, and |silu(z)| at most |z|.
                double inputError = 1.1 * gateError * (Math.Abs(up) + upError) + Math.Abs(gate) * upError;
                double bound = inputError + (Math.Abs(expected[e]) + inputError) * Tolerance.SwiGlu(gate) + Math.Abs(up) * Tolerance.SiluUnderflow;
                limits[e] = Tolerance.Storage<T>(expected[e], bound);
            }
            Compare.Close("c", Stored<T, TElement>.Values(c.Read()), expected, limits);
        });

    static Check Product<T, TElement>(string kernel, Func<Accelerator, Run<T>> make, MatMulShape shape, double relative)
        where T : unmanaged
        where TElement : struct, IElement<T> =>
        NewCheck.Of($"{kernel} {shape.Rows} x {shape.Columns} x {shape.Inner} {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            (T[] a, T[] w) = Operands<T, TElement>(inputs, shape);
            using GuardedBuffer<T> deviceA = new(accelerator, a), deviceW = new(accelerator, w);
            using GuardedBuffer<float> c = new(accelerator, shape.Rows * shape.Columns);
            make(accelerator)(accelerator.DefaultStream, deviceA.View, deviceW.View, c.View, shape);
            (double[] expected, double[] magnitude) = MatMulReference.Of(Stored<T, TElement>.Values(a), Stored<T, TElement>.Values(w), shape);
            Compare.Close("c", Array.ConvertAll(c.Read(), value => (double)value), expected, Array.ConvertAll(magnitude, value => value * relative));
        });

    static (T[] A, T[] W) Operands<T, TElement>(Inputs inputs, MatMulShape shape)
        where T : unmanaged
        where TElement : struct, IElement<T> =>
        (Stored<T, TElement>.Round(inputs.Normal(shape.Rows * shape.Inner)), Stored<T, TElement>.Round(inputs.Normal(shape.Columns * shape.Inner)));
}
