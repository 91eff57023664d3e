using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;

namespace IlgpuDca.Verification;

/// <summary>What some architectures do behind attention's projections: biases, and norms of heads.</summary>
static class ProjectionChecks
{
    const float Epsilon = 1e-5f;

    /// <summary>Fewer heads than warps of a group and more, head sizes below and above a warp.</summary>
    static readonly (int Tokens, int Heads, int KvHeads, int HeadSize)[] s_shapes = [(1, 1, 1, 8), (3, 6, 2, 40), (5, 4, 4, 128), (2, 3, 1, 256)];

    public static IEnumerable<Check> All()
    {
        foreach ((int tokens, int hidden) in new[] { (1, 1), (3, 255), (4, 256), (2, 777) })
            yield return NewCheck.Of($"AddBias {tokens} x {hidden}", (accelerator, inputs) => AddBias(accelerator, inputs, tokens, hidden));
    }

    public static IEnumerable<Check> Of<T, TElement>()
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        foreach ((int tokens, int heads, int kvHeads, int headSize) in s_shapes)
            foreach ((bool biased, bool normed) in new[] { (true, false), (false, true), (true, true) })
                yield return NewCheck.Of($"HeadNorm {tokens} x ({heads} + 2 x {kvHeads}) x {headSize}{(biased ? " biased" : "")}{(normed ? " normed" : "")} {Stored<T, TElement>.Name}",
                    (accelerator, inputs) => HeadNorm<T, TElement>(accelerator, inputs, tokens, heads, kvHeads, headSize, biased, normed));
    }

    static void AddBias(Accelerator accelerator, Inputs inputs, int tokens, int hidden)
    {
        float[] residual = inputs.Normal((long)tokens * hidden), bias = inputs.Normal(hidden);
        using GuardedBuffer<float> deviceResidual = new(accelerator, residual), deviceBias = new(accelerator, bias);
        new AddBias(accelerator).Run(accelerator.DefaultStream, deviceResidual.View, deviceBias.View);
        Compare.Same<float>("residual", deviceResidual.Read(), [.. residual.Select((value, i) => value + bias[i % hidden])]);
    }

    static void HeadNorm<T, TElement>(Accelerator accelerator, Inputs inputs, int tokens, int heads, int kvHeads, int headSize, bool biased, bool normed)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        int all = heads + 2 * kvHeads, width = all * headSize;
        T[] qkv = Stored<T, TElement>.Round(inputs.Normal((long)tokens * width));
        float[] bias = biased ? inputs.Normal(width) : [], gains = normed ? inputs.Normal(2 * headSize, 0.3, 1) : [];
        using GuardedBuffer<T> deviceQkv = new(accelerator, qkv);
        using GuardedBuffer<float> deviceBias = new(accelerator, biased ? bias : [0f]), deviceGains = new(accelerator, normed ? gains : [0f]);
        new HeadNorm<T, TElement>(accelerator).Run(accelerator.DefaultStream, deviceQkv.View, biased ? deviceBias.View : ArrayView<float>.Empty,
            normed ? deviceGains.View : ArrayView<float>.Empty, heads, kvHeads, headSize, Epsilon);

        double[] stored = Stored<T, TElement>.Values(qkv), expected = new double[qkv.Length], limits = new double[qkv.Length];
        for (int start = 0; start < qkv.Length; start += headSize)
        {
            int head = start / headSize % all;
            double[] x = [.. Enumerable.Range(0, headSize).Select(c => stored[start + c] + (biased ? bias[head * headSize + c] : 0))];
            bool isNormed = normed && head < heads + kvHeads;
            double divisor = isNormed ? Math.Sqrt(x.Sum(value => value * value) / headSize + Epsilon) : 1;
            // A biased element has one rounding of its own; their squares add up to the mean with an error that the root halves.
            double own = biased ? Tolerance.U : 0, mean = own * x.Sum(value => 2 * value * value) / headSize / (divisor * divisor) / 2;
            for (int c = 0; c < headSize; c++)
            {
                double gain = isNormed ? gains[(head < heads ? 0 : headSize) + c] : 1;
                expected[start + c] = x[c] / divisor * gain;
                double relative = own + (isNormed ? 1.01 * mean + Tolerance.RmsNorm(headSize) : 0);
                limits[start + c] = Tolerance.Storage<T>(expected[start + c], Math.Abs(expected[start + c]) * 1.01 * relative);
            }
        }
        Compare.Close("qkv", Stored<T, TElement>.Values(deviceQkv.Read()), expected, limits);
    }
}
