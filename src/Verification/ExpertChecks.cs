using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Moe;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Verification;

/// <summary>A layer's experts as a whole: few tokens and many, against double precision.</summary>
static class ExpertChecks
{
    /// <summary>On both sides of the few tokens' kernels, of both tiles, and of the packs that a warp takes at once; all widths differ.</summary>
    static readonly (int Tokens, ExpertShape Shape)[] s_cases =
    [
        (1, new(8, 2, 40, 24)), (1, new(16, 8, 64, 520)), (8, new(5, 3, 72, 48)), (9, new(8, 2, 40, 24)), (70, new(3, 3, 136, 72)), (150, new(2, 1, 24, 136)), (66, new(128, 8, 16, 8)),
    ];

    /// <summary>
    /// The same with rows that codes take; the fourth has more packs of a token's experts than a thread loads at once.
    /// </summary>
    static readonly (int Tokens, ExpertShape Shape)[] s_quantizedCases =
    [
        (1, new(8, 2, 64, 32)), (1, new(6, 4, 1_152, 288)), (8, new(5, 3, 96, 64)), (2, new(9, 8, 64, 1_056)),
        (9, new(8, 2, 64, 32)), (70, new(9, 3, 160, 96)), (66, new(64, 8, 32, 32)),
    ];

    /// <summary>
    /// Layouts of gate|up and of down, and the cases for them: all are multiples of 32, the last two of 128.
    /// </summary>
    static readonly (QuantizedLayout GateUp, QuantizedLayout Down, (int, ExpertShape)[] Cases)[] s_quantized =
    [
        (new(4, 32, false), new(4, 32, false), s_quantizedCases),
        (new(4, 32, true), new(8, 16, false), s_quantizedCases),
        (new(8, 32, true), new(4, 32, true), s_quantizedCases),
        (new(8, 32, false) { IsFloat8 = true }, new(8, 16, false) { IsFloat8 = true }, s_quantizedCases),
        (new(4, 128, true), new(4, 128, true), [(3, new(4, 2, 1_152, 384)), (70, new(3, 1, 128, 256))]),
    ];

    public static IEnumerable<Check> All()
    {
        foreach (bool isSkewed in new[] { false, true })
        {
            foreach ((int tokens, ExpertShape shape) in s_cases)
                foreach (Check check in Of(tokens, shape, isSkewed, null, null))
                    yield return check;
            foreach ((QuantizedLayout gateUp, QuantizedLayout down, (int, ExpertShape)[] cases) in s_quantized)
                foreach ((int tokens, ExpertShape shape) in cases)
                    foreach (Check check in Of(tokens, shape, isSkewed, gateUp, down))
                        yield return check;
        }
        // Only one of the two may fit a layout.
        foreach (int tokens in new[] { 2, 20 })
        {
            foreach (Check check in Of(tokens, new(4, 2, 128, 48), false, new(4, 128, true), null))
                yield return check;
            foreach (Check check in Of(tokens, new(4, 2, 48, 128), false, null, new(4, 128, true)))
                yield return check;
        }
    }

    static IEnumerable<Check> Of(int tokens, ExpertShape shape, bool isSkewed, QuantizedLayout? gateUp,
        QuantizedLayout? down) =>
    [
        Of<float, Float32Element, Float32x4>(tokens, shape, isSkewed, gateUp, down,
            (accelerator, unpacked) => new ExpertProductsFloat32(accelerator, unpacked), n => Tolerance.Gamma(n)),
        Of<BFloat16, BFloat16Element, BFloat16x8>(tokens, shape, isSkewed, gateUp, down,
            (accelerator, _) => new ExpertProductsBFloat16(accelerator), Tolerance.TensorCoreGamma),
    ];

    static string Name(QuantizedLayout? gateUp, QuantizedLayout? down) =>
        (gateUp ?? down) is null ? "" : $" {Name(gateUp)}, {Name(down)}";

    static string Name(QuantizedLayout? layout)
    {
        if (layout is not { } known)
            return "plain";
        string codes = known.IsFloat8 ? "8-bit floats" : $"{known.Bits} bits";
        return $"{codes} of {known.Group}{(known.HasOffset ? " with offsets" : "")}";
    }

    static Check Of<T, TElement, TPack>(int tokens, ExpertShape shape, bool isSkewed, QuantizedLayout? gateUpLayout,
        QuantizedLayout? downLayout, Func<Accelerator, UnpackedWeights<T, TElement>, ExpertProducts<T>> products,
        Func<int, double> gamma)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack> =>
        NewCheck.Of($"Experts {tokens} x {shape.Hidden} x {shape.Intermediate}, {shape.PerToken} of {shape.Experts}"
            + $"{(isSkewed ? " skewed" : "")}{Name(gateUpLayout, downLayout)} {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            int choices = tokens * shape.PerToken;
            bool areFew = tokens <= MatMulVector.MaxRows;
            T[] x = Stored<T, TElement>.Round(inputs.Normal((long)tokens * shape.Hidden));
            float[] logits = inputs.Normal((long)tokens * shape.Experts), before = inputs.Normal((long)tokens * shape.Hidden);
            // Nearly all tokens choose the last expert, and hardly any the first.
            for (int e = 0; isSkewed && e < logits.Length; e++)
                logits[e] += 3 * (e % shape.Experts);

            using ExpertWeights<T> gateUp = ExpertWeights<T>.Random<TElement>(accelerator, inputs, gateUpLayout,
                2 * shape.Experts * shape.Intermediate, shape.Hidden, areFew, shape.Hidden, gamma(shape.Hidden));
            using ExpertWeights<T> down = ExpertWeights<T>.Random<TElement>(accelerator, inputs, downLayout,
                shape.Experts * shape.Hidden, shape.Intermediate, areFew, shape.PerToken * shape.Intermediate,
                gamma(shape.Intermediate));
            using GuardedBuffer<T> deviceX = new(accelerator, x),
                gated = new(accelerator, (long)choices * shape.Intermediate),
                outputs = new(accelerator, (long)choices * shape.Hidden);
            using GuardedBuffer<float> residual = new(accelerator, before), deviceLogits = new(accelerator, logits), weights = new(accelerator, choices);
            using GuardedBuffer<int> chosen = new(accelerator, choices), counts = new(accelerator, shape.Experts), sortedTokens = new(accelerator, choices),
                sortedChoices = new(accelerator, choices), tiles = new(accelerator, ExpertScratch.TileElements(choices, shape.Experts));
            ExpertScratch scratch = new(deviceLogits.View, chosen.View, weights.View, counts.View, sortedTokens.View, sortedChoices.View, tiles.View);
            using UnpackedWeights<T, TElement> unpacked = new(accelerator);
            unpacked.Reserve(new UnpackingRoom(2L * shape.Experts * shape.Intermediate * shape.Hidden, 0));
            new Experts<T, TElement, TPack>(accelerator, products(accelerator, unpacked)).Run(accelerator.DefaultStream,
                deviceX.View, gateUp.View, down.View, gated.View, outputs.View, residual.View, scratch, shape,
                renormalises: true);
            gated.Read();
            outputs.Read();

            double[] expected = Array.ConvertAll(before, value => (double)value), limits = new double[expected.Length];
            for (int token = 0; token < tokens; token++)
                Expect(token, Stored<T, TElement>.Values(x.AsSpan(token * shape.Hidden, shape.Hidden)), expected,
                    limits);
            Compare.Close("residual", Array.ConvertAll(residual.Read(), value => (double)value), expected, limits);

            void Expect(int token, double[] row, double[] sums, double[] bounds)
            {
                (int[] experts, double[] shares) = ExpertReference.Route(
                    logits.AsSpan(token * shape.Experts, shape.Experts), shape.PerToken, true);
                // As the router's check has it: at most 3.1 roundings of the distance to the largest logit in both terms.
                double distance = experts.Max(e => Math.Abs(logits[token * shape.Experts
                    + experts[0]] - (double)logits[token * shape.Experts + e]));
                double share = 1.01 * (6.2 * Tolerance.U * distance + 2 * Tolerance.Approximation + Tolerance.Gamma(shape.PerToken) + Tolerance.U);
                double[] magnitudes = new double[shape.Hidden];
                for (int j = 0; j < experts.Length; j++)
                {
                    (double[] values, double[] errors) = Gated<T>(row, gateUp.Reference, experts[j], shape);
                    for (int c = 0; c < shape.Hidden; c++)
                    {
                        (double product, double error) = down.Reference.Product((long)experts[j] * shape.Hidden + c,
                            values, errors);
                        error = Tolerance.Storage<T>(product, error);
                        sums[token * shape.Hidden + c] += shares[j] * product;
                        magnitudes[c] += shares[j] * (1 + share) * (Math.Abs(product) + error);
                        bounds[token * shape.Hidden + c] += shares[j] * (error * (1 + share) + Math.Abs(product) * share);
                    }
                }
                // The weighted sum, in any order and over the lanes of a warp, and one addition.
                for (int c = 0; c < shape.Hidden; c++)
                {
                    double sum = magnitudes[c] * Tolerance.Gamma(shape.PerToken + 6);
                    bounds[token * shape.Hidden + c] += sum + Tolerance.U * (Math.Abs(before[token * shape.Hidden + c]) + magnitudes[c] + sum);
                }
            }
        });

    /// <summary>silu(gate) · up of one expert, and how far what is stored may be from it.</summary>
    static (double[] Values, double[] Errors) Gated<T>(double[] row, MatrixReference gateUp, int expert,
        ExpertShape shape)
    {
        double[] values = new double[shape.Intermediate], errors = new double[shape.Intermediate], exact =
            new double[row.Length];
        for (int i = 0; i < values.Length; i++)
        {
            long gateRow = 2L * expert * shape.Intermediate + GateUpOrder.GateRow(i);
            (double gate, double gateError) = gateUp.Product(gateRow, row, exact);
            (double up, double upError) = gateUp.Product(gateRow + GateUpOrder.Block, row, exact);
            values[i] = ElementwiseReference.SwiGlu(gate, up);
            // silu's slope is at most 1.1, and |silu(z)| at most |z|.
            double input = 1.1 * gateError * (Math.Abs(up) + upError) + Math.Abs(gate) * upError;
            double bound = input + (Math.Abs(values[i]) + input) * Tolerance.SwiGlu(gate) + Math.Abs(up) * Tolerance.SiluUnderflow;
            errors[i] = Tolerance.Storage<T>(values[i], bound);
        }
        return (values, errors);
    }
}
