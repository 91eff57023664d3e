using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>What a warp does together: reductions to the last bit, and the tensor cores' product in its two forms.</summary>
static class WarpChecks
{
    const int Lanes = 32;

    public static IEnumerable<Check> All()
    {
        yield return NewCheck.Of("WarpReduce has the bits of its butterfly", Reductions);
        yield return NewCheck.Of("GroupReduce over every number of warps", Groups);
        yield return NewCheck.Of("TensorCore.MultiplyAdd", (accelerator, inputs) => Product(accelerator, inputs, MultiplyAdd, Tolerance.TensorCoreGamma(16)));
        // 16 products and the sum before, in any order.
        yield return NewCheck.Of("TensorCore.MultiplyAddByShuffles", (accelerator, inputs) => Product(accelerator, inputs, MultiplyAddByShuffles, Tolerance.Gamma(18)));
    }

    static void Reductions(Accelerator accelerator, Inputs inputs)
    {
        const int Warps = 3, Results = 20;
        float[] values = inputs.Normal(4 * Warps * Lanes, 1e3);
        using GuardedBuffer<float> deviceValues = new(accelerator, values), results = new(accelerator, Results * Warps * Lanes);
        accelerator.LoadKernel<ArrayView<float>, ArrayView<float>>(ReduceAll)(accelerator.DefaultStream, new KernelConfig(1, Warps * Lanes), deviceValues.View, results.View);
        float[][] inputsOf = [.. Enumerable.Range(0, 4).Select(k => values[(k * Warps * Lanes)..((k + 1) * Warps * Lanes)])];
        float[] expected =
        [
            .. Butterfly(inputsOf[0], 16, float.Max),
            .. Butterfly(inputsOf[0], 16, (a, b) => a + b),
            .. inputsOf.SelectMany(lanes => Butterfly(lanes, 16, (a, b) => a + b)),
            .. inputsOf.SelectMany(lanes => Butterfly(lanes, 4, float.Max)),
            .. inputsOf.SelectMany(lanes => Butterfly(lanes, 4, (a, b) => a + b)),
            .. inputsOf.SelectMany(lanes => Butterfly(lanes, 8, (a, b) => a + b)),
            .. inputsOf.Take(2).SelectMany(lanes => Butterfly(lanes, 16, (a, b) => a + b)),
        ];
        Compare.Same<float>("reductions", results.Read(), expected);
    }

    static void ReduceAll(ArrayView<float> values, ArrayView<float> results)
    {
        int thread = Group.IdxX, threads = Group.DimX;
        float a = values[thread], b = values[threads + thread], c = values[2 * threads + thread], d = values[3 * threads + thread];
        float max = a, sum = a;
        WarpReduce.Max(ref max);
        WarpReduce.Sum(ref sum);
        results[thread] = max;
        results[threads + thread] = sum;
        float a1 = a, b1 = b, c1 = c, d1 = d;
        WarpReduce.Sum4(ref a1, ref b1, ref c1, ref d1);
        Write(results, 2, a1, b1, c1, d1);
        a1 = a;
        b1 = b;
        c1 = c;
        d1 = d;
        WarpReduce.MaxOf8(ref a1, ref b1, ref c1, ref d1);
        Write(results, 6, a1, b1, c1, d1);
        a1 = a;
        b1 = b;
        c1 = c;
        d1 = d;
        WarpReduce.SumOf8(ref a1, ref b1, ref c1, ref d1);
        Write(results, 10, a1, b1, c1, d1);
        a1 = a;
        b1 = b;
        WarpReduce.SumOf16(ref a, ref b, ref c, ref d);
        Write(results, 14, a, b, c, d);
        WarpReduce.Sum2(ref a1, ref b1);
        results[18 * threads + thread] = a1;
        results[19 * threads + thread] = b1;
    }

    static void Write(ArrayView<float> results, int first, float a, float b, float c, float d)
    {
        results[first * Group.DimX + Group.IdxX] = a;
        results[(first + 1) * Group.DimX + Group.IdxX] = b;
        results[(first + 2) * Group.DimX + Group.IdxX] = c;
        results[(first + 3) * Group.DimX + Group.IdxX] = d;
    }

    /// <summary>Each lane meets lane ^ mask, mask halving.</summary>
    static float[] Butterfly(float[] lanes, int firstMask, Func<float, float, float> meet)
    {
        for (int mask = firstMask; mask > 0; mask /= 2)
            lanes = [.. lanes.Select((value, lane) => meet(value, lanes[lane ^ mask]))];
        return lanes;
    }

    static void Groups(Accelerator accelerator, Inputs inputs)
    {
        for (int warps = 1; warps <= Math.Min(32, accelerator.MaxNumThreadsPerGroup / Lanes); warps += warps < 4 ? 1 : 7)
        {
            int threads = warps * Lanes;
            float[] values = inputs.Normal(threads, 1, -3);
            using GuardedBuffer<float> deviceValues = new(accelerator, values), results = new(accelerator, 2 * threads);
            accelerator.LoadKernel<ArrayView<float>, ArrayView<float>>(ReduceGroup)(accelerator.DefaultStream, new KernelConfig(1, threads), deviceValues.View, results.View);
            float[] found = results.Read();
            double sum = values.Sum(value => (double)value), limit = Tolerance.Gamma(threads) * values.Sum(value => Math.Abs((double)value));
            Compare.Close($"sum over {threads}", [found[0]], [sum], [limit]);
            Compare.Same<float>($"sums over {threads}", found.AsSpan(0, threads), [.. Enumerable.Repeat(found[0], threads)]);
            Compare.Same<float>($"maxima over {threads}", found.AsSpan(threads), [.. Enumerable.Repeat(values.Max(), threads)]);
        }
    }

    static void ReduceGroup(ArrayView<float> values, ArrayView<float> results)
    {
        float value = values[Group.IdxX];
        results[Group.IdxX] = GroupReduce.Sum(value);
        results[Group.DimX + Group.IdxX] = GroupReduce.Max(value);
    }

    static void Product(Accelerator accelerator, Inputs inputs, Action<ArrayView<uint>, ArrayView<float>> kernel, double relative)
    {
        const int M = 16, N = 8, K = 16;
        BFloat16[] a = Stored<BFloat16, BFloat16Element>.Round(inputs.Normal(M * K)), b = Stored<BFloat16, BFloat16Element>.Round(inputs.Normal(K * N));
        float[] c = inputs.Normal(M * N);
        uint[] words = new uint[6 * Lanes];
        float[] sums = new float[4 * Lanes];
        double[] expected = new double[4 * Lanes], limits = new double[4 * Lanes];
        static uint Word(BFloat16 low, BFloat16 high) => low.Bits | (uint)high.Bits << 16;
        for (int lane = 0; lane < Lanes; lane++)
        {
            int g = lane / 4, t = lane % 4;
            for (int k = 0; k < 4; k++)
            {
                int row = g + k % 2 * 8, column = 2 * t + k / 2 * 8;
                words[k * Lanes + lane] = Word(a[row * K + column], a[row * K + column + 1]);
            }
            for (int k = 0; k < 2; k++)
                words[(4 + k) * Lanes + lane] = Word(b[(2 * t + 8 * k) * N + g], b[(2 * t + 8 * k + 1) * N + g]);
            for (int k = 0; k < 4; k++)
            {
                int row = g + k / 2 * 8, column = 2 * t + k % 2;
                double sum = c[row * N + column], magnitude = Math.Abs(sum);
                sums[k * Lanes + lane] = c[row * N + column];
                for (int i = 0; i < K; i++)
                {
                    double term = (double)a[row * K + i].ToFloat() * b[i * N + column].ToFloat();
                    sum += term;
                    magnitude += Math.Abs(term);
                }
                expected[k * Lanes + lane] = sum;
                limits[k * Lanes + lane] = relative * magnitude;
            }
        }
        using GuardedBuffer<uint> deviceWords = new(accelerator, words);
        using GuardedBuffer<float> deviceSums = new(accelerator, sums);
        accelerator.LoadKernel(kernel)(accelerator.DefaultStream, new KernelConfig(1, Lanes), deviceWords.View, deviceSums.View);
        Compare.Close("c", Array.ConvertAll(deviceSums.Read(), value => (double)value), expected, limits);
    }

    static void MultiplyAdd(ArrayView<uint> words, ArrayView<float> sums)
    {
        int lane = Group.IdxX;
        TensorCore.MultiplyAdd(ref sums[lane], ref sums[Lanes + lane], ref sums[2 * Lanes + lane], ref sums[3 * Lanes + lane],
            words[lane], words[Lanes + lane], words[2 * Lanes + lane], words[3 * Lanes + lane], words[4 * Lanes + lane], words[5 * Lanes + lane]);
    }

    static void MultiplyAddByShuffles(ArrayView<uint> words, ArrayView<float> sums)
    {
        int lane = Group.IdxX;
        TensorCore.MultiplyAddByShuffles(ref sums[lane], ref sums[Lanes + lane], ref sums[2 * Lanes + lane], ref sums[3 * Lanes + lane],
            words[lane], words[Lanes + lane], words[2 * Lanes + lane], words[3 * Lanes + lane], words[4 * Lanes + lane], words[5 * Lanes + lane]);
    }
}
