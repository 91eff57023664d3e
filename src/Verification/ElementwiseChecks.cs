using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;

namespace IlgpuDca.Verification;

/// <summary>Embedding, RMSNorm and SwiGLU.</summary>
static class ElementwiseChecks
{
    /// <summary>Rows and row lengths: one, prime, around a warp, and around the 128 and 256 threads of a group.</summary>
    static readonly (int Rows, int Width)[] s_shapes = [(1, 1), (2, 31), (3, 33), (5, 127), (4, 129), (7, 255), (6, 256), (2, 257), (3, 515), (2, 1028)];

    public static IEnumerable<Check> Of<T, TElement>()
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        string storage = Stored<T, TElement>.Name;
        foreach ((int rows, int width) in s_shapes)
        {
            string shape = $"{rows} x {width} {storage}";
            yield return NewCheck.Of($"Embedding {shape}", (a, i) => Embedding<T, TElement>(a, i, rows, width));
            yield return NewCheck.Of($"RmsNorm {shape}", (a, i) => RmsNorm<T, TElement>(a, i, rows, width, i.Normal(rows * (long)width, 1.3)));
            yield return NewCheck.Of($"SwiGlu {shape}", (a, i) => SwiGlu<T, TElement>(a, rows, width, i.Normal(2L * rows * width, 3)));
        }
        yield return NewCheck.Of($"RmsNorm of zeros {storage}", (a, i) => RmsNorm<T, TElement>(a, i, 2, 67, new float[2 * 67]));
        yield return NewCheck.Of($"RmsNorm of large values {storage}", (a, i) => RmsNorm<T, TElement>(a, i, 2, 67, i.Normal(2 * 67, 1e15)));
        yield return NewCheck.Of($"SwiGlu at its edges {storage}", (a, _) => SwiGlu<T, TElement>(a, 1, 12,
            [0f, -0f, 1e-30f, -1e-30f, 20f, -20f, 88f, -88f, 89f, -89f, 1000f, -1000f, 1.5f, 2f, -3f, 4f, -0.5f, 6f, 7f, 3f, -9f, 5f, 1f, -2f]));
    }

    static void Embedding<T, TElement>(Accelerator accelerator, Inputs inputs, int tokens, int hidden)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        const int Vocabulary = 11;
        T[] table = Stored<T, TElement>.Round(inputs.Normal(Vocabulary * hidden));
        int[] ids = inputs.Integers(tokens, Vocabulary);
        ids[^1] = Vocabulary - 1;
        using GuardedBuffer<T> deviceTable = new(accelerator, table);
        using GuardedBuffer<int> deviceIds = new(accelerator, ids);
        using GuardedBuffer<float> x = new(accelerator, tokens * hidden);
        new Embedding<T, TElement>(accelerator).Run(accelerator.DefaultStream, deviceIds.View, ArrayView<int>.Empty, deviceTable.View, x.View, hidden);
        float[] expected = [.. ids.SelectMany(id => Enumerable.Range(0, hidden).Select(c => default(TElement).Load(table[id * hidden + c])))];
        Compare.Same<float>("x", x.Read(), expected);

        using GuardedBuffer<int> position = new(accelerator, [tokens - 1]);
        using GuardedBuffer<float> last = new(accelerator, hidden);
        new Embedding<T, TElement>(accelerator).Run(accelerator.DefaultStream, deviceIds.View, position.View, deviceTable.View, last.View, hidden);
        Compare.Same<float>("x of the place on the device", last.Read(), expected.AsSpan((tokens - 1) * hidden));
    }

    static void RmsNorm<T, TElement>(Accelerator accelerator, Inputs inputs, int tokens, int hidden, float[] x)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        const float Epsilon = 1e-5f;
        float[] gain = inputs.Normal(hidden, 0.3, 1);
        using GuardedBuffer<float> deviceX = new(accelerator, x), deviceGain = new(accelerator, gain);
        using GuardedBuffer<T> y = new(accelerator, x.Length);
        new RmsNorm<T, TElement>(accelerator).Run(accelerator.DefaultStream, deviceX.View, deviceGain.View, y.View, Epsilon);

        double[] expected = [.. Enumerable.Range(0, tokens).SelectMany(t => ElementwiseReference.RmsNorm(x.AsSpan(t * hidden, hidden), gain, Epsilon))];
        double[] limits = [.. expected.Select(value => Tolerance.Storage<T>(value, Math.Abs(value) * Tolerance.RmsNorm(hidden)))];
        Compare.Close("y", Stored<T, TElement>.Values(y.Read()), expected, limits);
    }

    static void SwiGlu<T, TElement>(Accelerator accelerator, int tokens, int width, float[] gateUp)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        using GuardedBuffer<float> deviceGateUp = new(accelerator, gateUp);
        using GuardedBuffer<T> y = new(accelerator, tokens * width);
        new SwiGlu<T, TElement>(accelerator).Run(accelerator.DefaultStream, deviceGateUp.View, y.View, width);
        double[] expected = new double[tokens * width], limits = new double[tokens * width];
        for (int t = 0; t < tokens; t++)
            for (int c = 0; c < width; c++)
            {
                double gate = gateUp[2 * t * width + c], up = gateUp[(2 * t + 1) * width + c];
                double value = ElementwiseReference.SwiGlu(gate, up);
                expected[t * width + c] = value;
                limits[t * width + c] = Tolerance.Storage<T>(value, Math.Abs(value) * Tolerance.SwiGlu(gate) + Math.Abs(up) * Tolerance.SiluUnderflow);
            }
        Compare.Close("y", Stored<T, TElement>.Values(y.Read()), expected, limits);
    }
}
