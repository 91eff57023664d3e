using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// What few tokens' experts add to the residual stream, as decoding needs it: only the chosen experts' weights are read, and their
/// weighted sum is taken in registers.
/// <code>residual[t, n] += sum over j of weights[t, j] · (gated[t, j] · down[chosen[t, j], n])</code>
/// </summary>
/// <remarks>
/// Shapes: gated [tokens · perToken, intermediate]; down [experts, hidden, intermediate]; residual [tokens, hidden] float32.
/// Work: a warp per output. A thread loads a pack of every chosen expert's row before it uses the first. The order of sums is always
/// the same.
/// </remarks>
public sealed class ExpertDownVector<T, TPack>(Accelerator accelerator)
    where T : unmanaged
    where TPack : unmanaged, IPack<TPack>
{
    const int GroupSize = 128;
    const int Warps = GroupSize / 32;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<TPack>, ArrayView<int>, ArrayView<float>, ArrayView<float>, int, int, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<TPack>, ArrayView<int>, ArrayView<float>, ArrayView<float>, int, int, SpecializedValue<int>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="gated">[tokens · perToken, intermediate].</param>
    /// <param name="down">[experts, hidden, intermediate].</param>
    /// <param name="chosen">[tokens, perToken].</param>
    /// <param name="weights">[tokens, perToken].</param>
    /// <param name="residual">[tokens, hidden], updated.</param>
    /// <param name="shape">The experts.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> gated, ArrayView<T> down, ArrayView<int> chosen, ArrayView<float> weights, ArrayView<float> residual,
        ExpertShape shape)
    {
        shape.Check();
        long tokens = residual.Length / shape.Hidden, choices = tokens * shape.PerToken, elements = (long)shape.Experts * shape.Hidden * shape.Intermediate;
        if (tokens == 0 || residual.Length != tokens * shape.Hidden || chosen.Length != choices || weights.Length != choices || down.Length != elements
            || gated.Length != choices * shape.Intermediate)
            throw new ArgumentException($"ExpertDownVector: residual has {residual.Length} elements, down {down.Length}, gated {gated.Length}, {chosen.Length} choices and "
                + $"{weights.Length} weights; {shape} need a multiple of {shape.Hidden}, {elements}, {choices * shape.Intermediate}, and {choices} of both.");
        KernelConfig config = new(new Index3D((shape.Hidden + Warps - 1) / Warps, (int)tokens, 1), new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, gated.Cast<TPack>(), down.Cast<TPack>(), chosen, weights, residual, shape.Hidden, shape.Intermediate / default(TPack).Count,
            SpecializedValue.New(shape.PerToken));
    }

    static void Kernel(ArrayView<TPack> gated, ArrayView<TPack> down, ArrayView<int> chosen, ArrayView<float> weights, ArrayView<float> residual,
        int hidden, int packs, SpecializedValue<int> perToken)
    {
        LaunchOverlap.Begin();
        ArrayView<TPack> loaded = LocalMemory.Allocate<TPack>(ExpertShape.MostPerToken);
        ArrayView<long> starts = LocalMemory.Allocate<long>(ExpertShape.MostPerToken);
        ArrayView<float> sums = LocalMemory.Allocate<float>(ExpertShape.MostPerToken);
        int lane = Warp.LaneIdx, output = Grid.IdxX * Warps + (Group.IdxX >> 5), firstChoice = Grid.IdxY * perToken;
        bool exists = output < hidden;
        // Every lane must reach the reduction: a warp past the last output repeats it and stores nothing.
        output = IntrinsicMath.Min(output, hidden - 1);
        for (int j = 0; j < perToken; j++)
        {
            starts[j] = ((long)chosen[firstChoice + j] * hidden + output) * packs;
            sums[j] = 0f;
        }
        for (int pack = lane; pack < packs; pack += 32)
        {
            for (int j = 0; j < perToken; j++)
                loaded[j] = down[starts[j] + pack];
            for (int j = 0; j < perToken; j++)
                sums[j] = default(TPack).Dot(loaded[j], gated[(long)(firstChoice + j) * packs + pack], sums[j]);
        }
        float sum = 0f;
        for (int j = 0; j < perToken; j++)
            sum += weights[firstChoice + j] * sums[j];
        WarpReduce.Sum(ref sum);
        if (exists && lane == 0)
            residual[(long)Grid.IdxY * hidden + output] += sum;
    }
}
