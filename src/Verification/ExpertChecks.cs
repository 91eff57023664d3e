using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Moe;

namespace IlgpuDca.Verification;

/// <summary>A layer's experts as a whole: few tokens and many, against double precision.</summary>
static class ExpertChecks
{
    /// <summary>On both sides of the few tokens' kernels, of both tiles, and of the packs that a warp takes at once; all widths differ.</summary>
    static readonly (int Tokens, ExpertShape Shape)[] s_cases =
    [
        (1, new(8, 2, 40, 24)), (1, new(16, 8, 64, 520)), (8, new(5, 3, 72, 48)), (9, new(8, 2, 40, 24)), (70, new(3, 3, 136, 72)), (150, new(2, 1, 24, 136)), (66, new(128, 8, 16, 8)),
    ];

    public static IEnumerable<Check> All()
    {
        foreach ((int tokens, ExpertShape shape) in s_cases)
            foreach (bool isSkewed in new[] { false, true })
            {
                yield return Of<float, Float32Element, Float32x4>(tokens, shape, isSkewed, accelerator => new ExpertProductsFloat32(accelerator), n => Tolerance.Gamma(n));
                yield return Of<BFloat16, BFloat16Element, BFloat16x8>(tokens, shape, isSkewed, accelerator => new ExpertProductsBFloat16(accelerator), Tolerance.TensorCoreGamma);
            }
    }

    static Check Of<T, TElement, TPack>(int tokens, ExpertShape shape, bool isSkewed, Func<Accelerator, ExpertProducts<T>> products, Func<int, double> gamma)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack> =>
        NewCheck.Of($"Experts {tokens} x {shape.Hidden} x {shape.Intermediate}, {shape.PerToken} of {shape.Experts}{(isSkewed ? " skewed" : "")} {Stored<T, TElement>.Name}", (accelerator, inputs) =>
        {
            int choices = tokens * shape.PerToken;
            T[] x = Stored<T, TElement>.Round(inputs.Normal((long)tokens * shape.Hidden));
            T[] gateUp = Stored<T, TElement>.Round(inputs.Normal(2L * shape.Experts * shape.Intermediate * shape.Hidden, 0.3));
            T[] down = Stored<T, TElement>.Round(inputs.Normal((long)shape.Experts * shape.Hidden * shape.Intermediate, 0.3));
            float[] logits = inputs.Normal((long)tokens * shape.Experts), before = inputs.Normal((long)tokens * shape.Hidden);
            // Nearly all tokens choose the last expert, and hardly any the first.
            for (int e = 0; isSkewed && e < logits.Length; e++)
                logits[e] += 3 * (e % shape.Experts);

            using GuardedBuffer<T> deviceX = new(accelerator, x), deviceGateUp = new(accelerator, gateUp), deviceDown = new(accelerator, down),
                gated = new(accelerator, (long)choices * shape.Intermediate), outputs = new(accelerator, (long)choices * shape.Hidden);
            using GuardedBuffer<float> residual = new(accelerator, before), deviceLogits = new(accelerator, logits), weights = new(accelerator, choices);
            using GuardedBuffer<int> chosen = new(accelerator, choices), counts = new(accelerator, shape.Experts), sortedTokens = new(accelerator, choices),
                sortedChoices = new(accelerator, choices), tiles = new(accelerator, ExpertScratch.TileElements(choices, shape.Experts));
            ExpertScratch scratch = new(deviceLogits.View, chosen.View, weights.View, counts.View, sortedTokens.View, sortedChoices.View, tiles.View);
            new Experts<T, TElement, TPack>(accelerator, products(accelerator)).Run(accelerator.DefaultStream, deviceX.View, deviceGateUp.View, deviceDown.View,
                gated.View, outputs.View, residual.View, scratch, shape, renormalises: true);
            gated.Read();
            outputs.Read();

            double[] expected = Array.ConvertAll(before, value => (double)value), limits = new double[expected.Length];
            for (int token = 0; token < tokens; token++)
                Expect(token, Stored<T, TElement>.Values(x.AsSpan(token * shape.Hidden, shape.Hidden)), logits, Stored<T, TElement>.Values(gateUp),
                    Stored<T, TElement>.Values(down), expected, limits);
            Compare.Close("residual", Array.ConvertAll(residual.Read(), value => (double)value), expected, limits);

            void Expect(int token, double[] row, float[] allLogits, double[] allGateUp, double[] allDown, double[] sums, double[] bounds)
            {
                (int[] experts, double[] shares) = ExpertReference.Route(allLogits.AsSpan(token * shape.Experts, shape.Experts), shape.PerToken, true);
                // As the router's check has it: at most 3.1 roundings of the distance to the largest logit in both terms.
                double distance = experts.Max(e => Math.Abs(allLogits[token * shape.Experts + experts[0]] - (double)allLogits[token * shape.Experts + e]));
                double share = 1.01 * (6.2 * Tolerance.U * distance + 2 * Tolerance.Approximation + Tolerance.Gamma(shape.PerToken) + Tolerance.U);
                double[] magnitudes = new double[shape.Hidden];
                for (int j = 0; j < experts.Length; j++)
                {
                    (double[] values, double[] errors) = Gated<T>(row, allGateUp, experts[j], shape, gamma(shape.Hidden));
                    for (int c = 0; c < shape.Hidden; c++)
                    {
                        double product = 0, magnitude = 0, error = 0;
                        for (int i = 0; i < shape.Intermediate; i++)
                        {
                            double weight = allDown[((long)experts[j] * shape.Hidden + c) * shape.Intermediate + i];
                            product += values[i] * weight;
                            magnitude += (Math.Abs(values[i]) + errors[i]) * Math.Abs(weight);
                            error += errors[i] * Math.Abs(weight);
                        }
                        error = Tolerance.Storage<T>(product, error + magnitude * gamma(shape.Intermediate));
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
    static (double[] Values, double[] Errors) Gated<T>(double[] row, double[] gateUp, int expert, ExpertShape shape, double relative)
    {
        double[] values = new double[shape.Intermediate], errors = new double[shape.Intermediate];
        for (int i = 0; i < values.Length; i++)
        {
            long gateRow = 2L * expert * shape.Intermediate + GateUpOrder.GateRow(i);
            (double gate, double gateMagnitude) = Dot(gateRow);
            (double up, double upMagnitude) = Dot(gateRow + GateUpOrder.Block);
            values[i] = ElementwiseReference.SwiGlu(gate, up);
            double gateError = gateMagnitude * relative, upError = upMagnitude * relative;
            // silu's slope is at most 1.1, and |silu(z)| at most |z|.
            double input = 1.1 * gateError * (Math.Abs(up) + upError) + Math.Abs(gate) * upError;
            double bound = input + (Math.Abs(values[i]) + input) * Tolerance.SwiGlu(gate) + Math.Abs(up) * Tolerance.SiluUnderflow;
            errors[i] = Tolerance.Storage<T>(values[i], bound);
        }
        return (values, errors);

        (double Product, double Magnitude) Dot(long matrixRow)
        {
            double product = 0, magnitude = 0;
            for (int c = 0; c < shape.Hidden; c++)
            {
                double term = row[c] * gateUp[matrixRow * shape.Hidden + c];
                product += term;
                magnitude += Math.Abs(term);
            }
            return (product, magnitude);
        }
    }
}
