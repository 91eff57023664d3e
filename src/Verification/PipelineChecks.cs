using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>
/// Rotation, cache and attention one after the other, in float32, against the definition: each pair of query and key is turned by
/// its relative position M[i][j] in double, then one softmax. Texts up to pmax + 1 tokens also against plain attention's M = i - j (T1).
/// </summary>
static class PipelineChecks
{
    public static IEnumerable<Check> All()
    {
        foreach (DcaGeometry geometry in new DcaGeometry[] { new(6, 9), new(37, 53), DcaGeometry.Dense })
            foreach (int length in geometry.IsDense ? new[] { 1, 90 } : [geometry.ChunkLength, geometry.MaxPosition + 1, geometry.MaxPosition + 2, 4 * geometry.ChunkLength + 1])
                yield return NewCheck.Of($"RopeAppend, attention of {length} tokens, {new AttentionShape(4, 2, 16, geometry)}",
                    (accelerator, inputs) => Run(accelerator, inputs, new AttentionShape(4, 2, 16, geometry), length));
    }

    static void Run(Accelerator accelerator, Inputs inputs, AttentionShape shape, int length)
    {
        float[] qkv = inputs.Normal((long)length * shape.Width);
        int[] pages = inputs.Permutation(KvLayout.Pages(length) + 1);
        long output = (long)length * shape.Heads * shape.HeadSize;
        using GuardedBuffer<float> deviceQkv = new(accelerator, qkv), rotated = new(accelerator, shape.Geometry.Variants * output), result = new(accelerator, output);
        using GuardedBuffer<float> table = new(accelerator, RopeTable.Create(shape.Geometry.Positions(length), shape.HeadSize, RotationReference.Theta));
        using GuardedBuffer<float> keys = new(accelerator, pages.Length * shape.Layout.PageElements), values = new(accelerator, pages.Length * shape.Layout.PageElements);
        using GuardedBuffer<int> pageTable = new(accelerator, pages);
        AcceleratorStream stream = accelerator.DefaultStream;
        KvRows<Float32x4> keyRows = KvRows<Float32x4>.Of<float>(keys.View), valueRows = KvRows<Float32x4>.Of<float>(values.View);
        new RopeAppend<float, Float32Element, Float32x4>(accelerator).Run(stream, deviceQkv.View, default, table.View, rotated.View,
            keyRows, valueRows, pageTable.View, ArrayView<int>.Empty, 0, length, shape.Heads, shape.Layout, shape.Geometry);
        new FlashAttention<float, Float32Element, Float32x4>(accelerator).Run(stream, rotated.View, keyRows, valueRows, pageTable.View, result.View, 0, length, shape.Heads, shape.Layout, shape.Geometry, shape.Scale);
        double[] found = Array.ConvertAll(result.Read(), value => (double)value);

        (double[] expected, double[] limits) = Expected(qkv, shape, length, (i, j) => shape.Reference.Relative(i, j));
        Compare.Close("output", found, expected, limits);
        if (shape.Geometry.IsDense || length > shape.Geometry.MaxPosition + 1)
            return;
        (expected, limits) = Expected(qkv, shape, length, (i, j) => i - j);
        Compare.Close("output against plain attention", found, expected, limits);
    }

    static (double[] Output, double[] Limits) Expected(float[] qkv, AttentionShape shape, int length, Func<int, int, int> relative)
    {
        int headSize = shape.HeadSize, half = headSize / 2;
        List<double> output = [], limits = [];
        for (int i = 0; i < length; i++)
            for (int h = 0; h < shape.Heads; h++)
            {
                int kvHead = h / (shape.Heads / shape.KvHeads);
                double[] scores = new double[i + 1];
                double magnitude = 0, error = 0;
                for (int j = 0; j <= i; j++)
                {
                    ReadOnlySpan<float> key = qkv.AsSpan(j * shape.Width + (shape.Heads + kvHead) * headSize, headSize), query = qkv.AsSpan(i * shape.Width + h * headSize, headSize);
                    double[] turned = RotationReference.Rotate(query, relative(i, j));
                    double sum = 0;
                    for (int c = 0; c < headSize; c++)
                        scores[j] += shape.Scale * turned[c] * key[c];
                    // A rotated component is at most the sum of its pair's magnitudes, and off by Tolerance.Rotation.
                    for (int c = 0; c < half; c++)
                        sum += (Math.Abs((double)query[c]) + Math.Abs(query[c + half])) * (Math.Abs((double)key[c]) + Math.Abs(key[c + half]));
                    magnitude = Math.Max(magnitude, shape.Scale * 2 * sum);
                    error = Math.Max(error, shape.Scale * 2 * sum * (2.1 * Tolerance.Rotation(1, 0, length)));
                }
                (double[] row, double[] values) = AttentionRow.Direct(scores, (j, c) => qkv[j * shape.Width + (shape.Heads + shape.KvHeads + kvHead) * headSize + c], headSize);
                double bound = Tolerance.Attention(headSize, i + 1, i / 16 + 4, magnitude, scores.Max() - scores.Min(), error);
                output.AddRange(row);
                limits.AddRange(values.Select(value => bound * value));
            }
        return ([.. output], [.. limits]);
    }
}
