using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>Matrix products: each kernel by itself, and the two that choose among them.</summary>
static class MatMulChecks
{
    /// <summary>Few rows: all counts that the vector kernel is compiled for; columns around its 4 a warp and 16 a group.</summary>
    static readonly MatMulShape[] s_few =
    [
        new(1, 1, 1), new(1, 1, 8), new(2, 3, 24), new(3, 17, 40), new(4, 15, 256), new(5, 16, 264), new(6, 33, 37), new(7, 5, 130), new(8, 19, 520),
    ];

    /// <summary>Many rows: around the tiles' 64 and 128, steps of 32, inner sizes that are no multiple of a pack.</summary>
    static readonly MatMulShape[] s_many =
    [
        new(9, 1, 8), new(63, 65, 31), new(64, 63, 32), new(65, 64, 33), new(17, 129, 1), new(127, 5, 40), new(128, 10, 24), new(129, 131, 72), new(10, 127, 136),
    ];

    public static IEnumerable<Check> All()
    {
        foreach (MatMulShape shape in s_few.Concat(s_many))
        {
            yield return Product<float, Float32Element>("MatMulFloat32", accelerator => new MatMulFloat32(accelerator).Run, shape, Tolerance.Gamma(shape.Inner));
            yield return Product<BFloat16, BFloat16Element>("MatMulBFloat16", accelerator => new MatMulBFloat16(accelerator).Run, shape, Tolerance.TensorCoreGamma(shape.Inner));
        }
        foreach (MatMulShape shape in s_many)
            if (shape.Inner % 8 == 0)
                yield return Product<BFloat16, BFloat16Element>("MatMulTile", accelerator => new MatMulTile<BFloat16, BFloat16Element>(accelerator).Run, shape, Tolerance.Gamma(shape.Inner));
    }

    delegate void Run<T>(AcceleratorStream stream, ILGPU.ArrayView<T> a, ILGPU.ArrayView<T> w, ILGPU.ArrayView<float> c, MatMulShape shape)
        where T : unmanaged;

    static Check Product<T, TElement>(string kernel, Func<Accelerator, Run<T>> make, MatMulShape shape, double relative)
        where T : unmanaged
        where TElement : struct, IElement<T> =>
        NewCheck.Of($"{kernel} {shape.Rows} x {shape.Columns} x {shape.Inner} {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            T[] a = Stored<T, TElement>.Round(inputs.Normal(shape.Rows * shape.Inner));
            T[] w = Stored<T, TElement>.Round(inputs.Normal(shape.Columns * shape.Inner));
            using GuardedBuffer<T> deviceA = new(accelerator, a), deviceW = new(accelerator, w);
            using GuardedBuffer<float> c = new(accelerator, shape.Rows * shape.Columns);
            make(accelerator)(accelerator.DefaultStream, deviceA.View, deviceW.View, c.View, shape);
            (double[] expected, double[] magnitude) = MatMulReference.Of(Stored<T, TElement>.Values(a), Stored<T, TElement>.Values(w), shape);
            Compare.Close("c", Array.ConvertAll(c.Read(), value => (double)value), expected, Array.ConvertAll(magnitude, value => value * relative));
        });
}
