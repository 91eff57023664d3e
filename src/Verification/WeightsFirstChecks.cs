using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Hopper;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Verification;

/// <summary>
/// Products with the weights as the tensor cores' left operand: plain and quantised, every tile, k whole and in parts.
/// </summary>
static class WeightsFirstChecks
{
    /// <summary>Around a tile's 16 to 256 rows and 128 columns, spans of 128 along k, and all parts of it.</summary>
    static readonly (MatMulShape Shape, WeightsFirstPlan Plan)[] s_plain =
    [
        (new(1, 8, 8), new(16, 1)), (new(9, 136, 72), new(16, 1)), (new(16, 128, 264), new(16, 3)),
        (new(17, 264, 520), new(32, 2)), (new(33, 72, 640), new(64, 5)), (new(64, 520, 128), new(64, 1)),
        (new(65, 136, 384), new(128, 3)), (new(180, 136, 200), new(176, 1)), (new(193, 64, 136), new(192, 1)), (new(300, 200, 328), new(256, 1)),
    ];

    static readonly (MatMulShape Shape, WeightsFirstPlan Plan)[] s_pairs =
        [(new(9, 16, 24), new(16, 1)), (new(65, 272, 264), new(64, 2)), (new(130, 528, 136), new(128, 1)), (new(350, 144, 72), new(176, 1))];

    static readonly QuantizedLayout[] s_layouts =
    [
        new(4, 32, false), new(4, 32, true), new(4, 64, false), new(4, 128, true), new(4, 256, false),
        new(8, 16, false), new(8, 16, true), new(8, 32, false), new(8, 128, true),
        new(8, 16, false) { IsFloat8 = true }, new(8, 64, false) { IsFloat8 = true }, new(8, 128, false) { IsFloat8 = true },
    ];

    static readonly string[] s_epilogues = ["Run", "Add", "Narrow", "Gated"];

    /// <summary>Inner is made a multiple of the group.</summary>
    static readonly (MatMulShape Shape, WeightsFirstPlan Plan)[] s_quantized =
    [
        (new(2, 16, 32), new(16, 1)), (new(17, 144, 416), new(32, 3)), (new(63, 48, 288), new(64, 2)),
        (new(130, 272, 672), new(128, 2)), (new(353, 144, 384), new(176, 1)), (new(257, 80, 256), new(256, 1)),
    ];

    public static IEnumerable<Check> All()
    {
        foreach ((MatMulShape shape, WeightsFirstPlan plan) in s_plain)
            foreach (Check check in MatMulChecks.Of<BFloat16, BFloat16Element>(
                Name(plan), accelerator => Make(accelerator, plan), shape, Tolerance.TensorCoreGamma(shape.Inner)))
                yield return check;
        foreach ((MatMulShape shape, WeightsFirstPlan plan) in s_pairs)
            yield return MatMulChecks.Gated<BFloat16, BFloat16Element>(
                Name(plan), accelerator => Make(accelerator, plan), shape, Tolerance.TensorCoreGamma(shape.Inner));
        // Every layout with every tile, each time with another epilogue, so that each meets both kinds of codes.
        for (int l = 0; l < s_layouts.Length; l++)
            for (int p = 0; p < s_quantized.Length; p++)
            {
                (MatMulShape shape, WeightsFirstPlan plan) = s_quantized[p];
                int inner = (shape.Inner + s_layouts[l].Group - 1) / s_layouts[l].Group * s_layouts[l].Group;
                yield return Quantized($"{s_layouts[l]}", [(s_layouts[l], shape.Columns)], shape with { Inner = inner },
                    plan, s_epilogues[(l + p) % s_epilogues.Length]);
            }
        yield return Quantized("in three parts",
            [(new(4, 32, true), 40), (new(8, 16, false), 136), (new(4, 128, true), 24)],
            new(19, 200, 384), new(32, 2), s_epilogues[..3]);
    }

    static string Name(WeightsFirstPlan plan) => $"WeightsFirst of {plan.TileRows} in {plan.Parts}";

    static WeightsFirstProducts Make(Accelerator accelerator, WeightsFirstPlan plan) =>
        new(HopperChecks.HopperCase(accelerator), plan);

    /// <summary>
    /// The same bits as the plain products, which are checked above, with the weights that
    /// <see cref="Unpack{T, TElement}"/> makes.
    /// </summary>
    static Check Quantized(
        string what, (QuantizedLayout Layout, int Rows)[] parts, MatMulShape shape, WeightsFirstPlan plan,
        params string[] epilogues)
    {
        string sizes = $"{shape.Rows} x {shape.Columns} x {shape.Inner}";
        return NewCheck.Of($"{Name(plan)} {string.Join(", ", epilogues)} {sizes} {what}", (accelerator, inputs) =>
        {
            WeightsFirstProducts plain = Make(accelerator, plan);
            using QuantizedParts parted = new(accelerator, inputs, parts, shape.Inner);
            using UnpackedWeights<BFloat16, BFloat16Element> unpacked = new(accelerator);
            WeightProducts<BFloat16, BFloat16Element, BFloat16x8> quantized = new(accelerator, plain, unpacked);
            using GuardedBuffer<BFloat16> buffer = new(
                accelerator, Stored<BFloat16, BFloat16Element>.Round(inputs.Normal(shape.Rows * shape.Inner)));
            WeightMatrix<BFloat16> q = new(default, parted.Parts);
            ArrayView<BFloat16> a = buffer.View, w = parted.Unpacked;
            AcceleratorStream stream = accelerator.DefaultStream;
            float[] before = inputs.Normal(shape.Rows * shape.Columns);
            BFloat16[] narrow = new BFloat16[before.Length];

            foreach (string epilogue in epilogues)
                if (epilogue == "Run")
                    Same(accelerator, before,
                        c => quantized.Run(stream, a, q, c, shape), c => plain.Run(stream, a, w, c, shape));
                else if (epilogue == "Add")
                    Same(accelerator, before,
                        c => quantized.Add(stream, a, q, c, shape), c => plain.Add(stream, a, w, c, shape));
                else if (epilogue == "Narrow")
                    Same(accelerator, narrow,
                        c => quantized.Narrow(stream, a, q, c, shape), c => plain.Narrow(stream, a, w, c, shape));
                else
                    Same(accelerator, narrow[..(narrow.Length / 2)],
                        c => quantized.Gated(stream, a, q, c, shape), c => plain.Gated(stream, a, w, c, shape));
        });
    }

    static void Same<T>(Accelerator accelerator, T[] before, Action<ArrayView<T>> found, Action<ArrayView<T>> wanted)
        where T : unmanaged
    {
        using GuardedBuffer<T> c = new(accelerator, before), expected = new(accelerator, before);
        found(c.View);
        wanted(expected.View);
        Compare.Same<T>("c", c.Read(), expected.Read());
    }
}
