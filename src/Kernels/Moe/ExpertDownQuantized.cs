using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// What few tokens' experts with quantised weights add to the residual stream: only the chosen experts' codes and
/// scales are read.
/// <code>residual[t, n] += sum over j of weights[t, j] · (gated[t, j] · down[chosen[t, j], n])</code>
/// </summary>
/// <remarks>
/// Shapes: gated [tokens · perToken, intermediate]; down [experts, hidden, intermediate]; residual [tokens, hidden]
/// float32.
/// Work: a token's gated rows are one row, as an <see cref="IntegerRow"/> but for codes that are floats. Its scales, or
/// those of the floats, are multiplied with the experts' weights. What it meets is the row n of the first chosen
/// expert, then of the second, and so on. A warp computes 2 outputs; its lanes stride over all those packs of codes
/// together, up to 16 of a thread under way. The order of sums is always the same.
/// </remarks>
public sealed class ExpertDownQuantized<T, TPack>(Accelerator accelerator)
    where T : unmanaged
    where TPack : unmanaged, IPack<TPack>
{
    const int GroupSize = 256, ColumnsPerWarp = 2;

    const int Outputs = GroupSize / 32 * ColumnsPerWarp;

    /// <summary>Packs of each output that a thread loads at once, at most.</summary>
    const int MostSteps = 8;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>,
        ArrayView<int>, ArrayView<float>, ArrayView<float>, int, SpecializedValue<int>, SpecializedValue<int>,
        SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<int>, ArrayView<float>,
            ArrayView<float>, int, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>,
            SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(
            Kernel, new KernelSpecialization(GroupSize, null));

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="gated">[tokens · perToken, intermediate].</param>
    /// <param name="down">[experts, hidden, intermediate].</param>
    /// <param name="chosen">[tokens, perToken].</param>
    /// <param name="weights">[tokens, perToken].</param>
    /// <param name="residual">[tokens, hidden], updated.</param>
    /// <param name="shape">The experts.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> gated, QuantizedMatrix down, ArrayView<int> chosen,
        ArrayView<float> weights, ArrayView<float> residual, ExpertShape shape)
    {
        shape.Check();
        down.Check((long)shape.Experts * shape.Hidden, shape.Intermediate);
        long tokens = residual.Length / shape.Hidden, choices = tokens * shape.PerToken;
        if (tokens == 0 || residual.Length != tokens * shape.Hidden || chosen.Length != choices
            || weights.Length != choices || gated.Length != choices * shape.Intermediate)
            throw new ArgumentException($"ExpertDownQuantized: residual has {residual.Length} elements, gated "
                + $"{gated.Length}, {chosen.Length} choices and {weights.Length} weights; {shape} need a multiple of "
                + $"{shape.Hidden}, {choices * shape.Intermediate}, and {choices} of both.");
        int words = down.Layout.IsFloat8 ? 0 : IntegerRow.SharedWords(shape.PerToken * shape.Intermediate);
        KernelConfig config = new(new Index3D((shape.Hidden + Outputs - 1) / Outputs, (int)tokens, 1),
            new Index3D(GroupSize, 1, 1), SharedMemoryConfig.RequestDynamic<uint>(words));
        _kernel(stream, config, gated.Cast<TPack>(), down.Codes, down.Scales, chosen, weights, residual, shape.Hidden,
            SpecializedValue.New(shape.Intermediate), SpecializedValue.New(shape.PerToken),
            SpecializedValue.New(down.Layout.Bits), SpecializedValue.New(down.Layout.GroupShift),
            SpecializedValue.New(down.Layout.Kind), SpecializedValue.New(ColumnsPerWarp));
    }

    static void Kernel(ArrayView<TPack> gated, ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<int> chosen,
        ArrayView<float> weights, ArrayView<float> residual, int hidden, SpecializedValue<int> inner,
        SpecializedValue<int> perToken, SpecializedValue<int> bits, SpecializedValue<int> groupShift,
        SpecializedValue<int> kind, SpecializedValue<int> columnsPerWarp)
    {
        // Codes of the chosen experts are on their way while the kernel before this one, which does not choose them,
        // ends.
        LaunchOverlap.BeginAhead();
        int packs = inner / (128 / bits), total = perToken * packs, lane = Warp.LaneIdx, steps = Steps(total);
        int first = Grid.IdxX * Outputs + (Group.IdxX >> 5) * ColumnsPerWarp, firstChoice = Grid.IdxY * perToken;
        ArrayView<CodePack> loaded = LocalMemory.Allocate<CodePack>(MostSteps * ColumnsPerWarp);
        ArrayView<uint> factors = LocalMemory.Allocate<uint>(MostSteps * ColumnsPerWarp);
        ArrayView<float> sums = LocalMemory.Allocate<float>(ColumnsPerWarp);
        for (int c = 0; c < ColumnsPerWarp; c++)
            sums[c] = 0f;

        Load(codes, scales, chosen, weights, loaded, factors, firstChoice, first, lane, hidden, inner, total, bits,
            groupShift, kind, steps);
        LaunchOverlap.WaitForPrevious();
        int rowPacks = perToken * inner / default(TPack).Count;
        ArrayView<TPack> a = gated.SubView((long)Grid.IdxY * rowPacks, rowPacks);
        IntegerRow row = IntegerRow.Shared(kind == QuantizedLayout.Float8 ? 0 : perToken * inner);
        if (kind != QuantizedLayout.Float8)
        {
            row.Fill(a);
            // Each thread comes back to the scales that it wrote.
            for (int block = Group.IdxX; block < row.Scales.IntLength; block += GroupSize)
                row.Scales[block] *= weights[firstChoice + block / (inner / IntegerRow.Block)];
            Group.Barrier();
        }
        MatMulQuantizedVector<TPack, float, Accumulate>.Multiply(a, row, loaded, factors, sums, lane, total, bits, kind,
            columnsPerWarp, steps);
        for (int start = steps * 32; start < total; start += steps * 32)
        {
            Load(codes, scales, chosen, weights, loaded, factors, firstChoice, first, start + lane, hidden, inner,
                total, bits, groupShift, kind, steps);
            MatMulQuantizedVector<TPack, float, Accumulate>.Multiply(a, row, loaded, factors, sums, start + lane, total,
                bits, kind, columnsPerWarp, steps);
        }
        float s0 = sums[0], s1 = sums[1];
        WarpReduce.Sum2(ref s0, ref s1);
        if (lane < ColumnsPerWarp && first + lane < hidden)
            residual[(long)Grid.IdxY * hidden + first + lane] += lane == 0 ? s0 : s1;
    }

    /// <summary>As few as give the same number of rounds.</summary>
    static int Steps(int total)
    {
        int rounds = (total + 32 * MostSteps - 1) / (32 * MostSteps);
        return (total + 32 * rounds - 1) / (32 * rounds);
    }

    /// <summary>
    /// Some packs of each output with their groups' scales. Past the last chosen expert's end its last pack is read
    /// again.
    /// </summary>
    static void Load(ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<int> chosen, ArrayView<float> weights,
        ArrayView<CodePack> loaded, ArrayView<uint> factors, int firstChoice, int first, int pack, int hidden,
        SpecializedValue<int> inner, int total, SpecializedValue<int> bits, SpecializedValue<int> groupShift,
        SpecializedValue<int> kind, int steps)
    {
        int packWeights = 128 / bits, packs = inner / packWeights;
        for (int s = 0; s < steps; s++)
        {
            int place = IntrinsicMath.Min(pack + s * 32, total - 1), choice = place / packs;
            long expert = (long)chosen[firstChoice + choice] * hidden;
            for (int c = 0; c < ColumnsPerWarp; c++)
            {
                // A warp past the last output repeats it: every lane must reach the reduction.
                long at = (expert + IntrinsicMath.Min(first + c, hidden - 1)) * packs + (place - choice * packs);
                long group = at * packWeights >> groupShift;
                loaded[s * ColumnsPerWarp + c] = codes[at];
                uint factor = kind != 0 ? scales.Cast<uint>()[group] : Interop.FloatAsInt(scales[group]);
                factors[s * ColumnsPerWarp + c] = kind == QuantizedLayout.Float8
                    ? Interop.FloatAsInt(Interop.IntAsFloat(factor) * weights[firstChoice + choice]) : factor;
            }
        }
    }
}
