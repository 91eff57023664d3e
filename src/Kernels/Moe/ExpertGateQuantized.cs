using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// Gate and up of few tokens' experts whose weights are quantised: only the chosen experts' codes and scales are read.
/// <code>gated[t, j, n] = silu(x[t] · gate[chosen[t, j], n]) · (x[t] · up[chosen[t, j], n])</code>
/// </summary>
/// <remarks>
/// Shapes: x [tokens, hidden]; gateUp [experts, 2 · intermediate, hidden], rows as <see cref="GateUpOrder"/> says;
/// gated [tokens · perToken, intermediate]. Work: as of <see cref="MatMulQuantizedVector{TPack, TOut, TEpilogue}"/>,
/// for each choice.
/// </remarks>
public sealed class ExpertGateQuantized<T, TElement, TPack>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    const int GroupSize = 128;

    /// <summary>Two gates and their up rows: with 4 bits a row of 2,048 weights is loaded at once.</summary>
    const int ColumnsPerWarp = 4;

    const int Outputs = GroupSize / 32 * ColumnsPerWarp / 2;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>,
        ArrayView<int>, ArrayView<T>, int, int, int, SpecializedValue<int>, SpecializedValue<int>,
        SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<CodePack>, ArrayView<Half>, ArrayView<int>, ArrayView<T>,
            int, int, int, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>, SpecializedValue<int>>(
            Kernel, new KernelSpecialization(GroupSize, null));

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="gateUp">[experts, 2 · intermediate, hidden].</param>
    /// <param name="chosen">[tokens, perToken].</param>
    /// <param name="gated">[tokens · perToken, intermediate].</param>
    /// <param name="shape">The experts.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> x, QuantizedMatrix gateUp, ArrayView<int> chosen,
        ArrayView<T> gated, ExpertShape shape)
    {
        shape.Check();
        gateUp.Check(2L * shape.Experts * shape.Intermediate, shape.Hidden);
        long tokens = x.Length / shape.Hidden, choices = tokens * shape.PerToken;
        if (tokens == 0 || x.Length != tokens * shape.Hidden || chosen.Length != choices
            || gated.Length != choices * shape.Intermediate)
            throw new ArgumentException($"ExpertGateQuantized: x has {x.Length} elements, gated {gated.Length}, "
                + $"{chosen.Length} choices; {shape} need a multiple of {shape.Hidden}, {choices * shape.Intermediate} "
                + $"and {choices}.");
        int words = gateUp.Layout.IsFloat8 ? 0 : IntegerRow.SharedWords(shape.Hidden);
        KernelConfig config = new(new Index3D((shape.Intermediate + Outputs - 1) / Outputs, (int)choices, 1),
            new Index3D(GroupSize, 1, 1), SharedMemoryConfig.RequestDynamic<uint>(words));
        _kernel(stream, config, x.Cast<TPack>(), gateUp.Codes, gateUp.Scales, chosen, gated, shape.PerToken,
            2 * shape.Intermediate, shape.Hidden, SpecializedValue.New(gateUp.Layout.Bits),
            SpecializedValue.New(gateUp.Layout.GroupShift), SpecializedValue.New(gateUp.Layout.Kind),
            SpecializedValue.New(ColumnsPerWarp));
    }

    static void Kernel(ArrayView<TPack> x, ArrayView<CodePack> codes, ArrayView<Half> scales, ArrayView<int> chosen,
        ArrayView<T> gated, int perToken, int columns, int inner, SpecializedValue<int> bits,
        SpecializedValue<int> groupShift, SpecializedValue<int> kind, SpecializedValue<int> columnsPerWarp)
    {
        // Which weights are needed is known only when the kernel before has ended. The next one needs that too.
        LaunchOverlap.BeginInTurn();
        int choice = Grid.IdxY, packs = inner / default(TPack).Count;
        long weights = (long)columns * inner, first = chosen[choice] * weights;
        int packWeights = 128 / bits, perGroup = kind != 0 ? 2 : 1;
        MatMulQuantizedVector<TPack, T, Gate<T, TElement>>.Multiply(
            x.SubView((long)(choice / perToken) * packs, packs),
            codes.SubView(first / packWeights, weights / packWeights),
            scales.SubView((first >> groupShift) * perGroup, (weights >> groupShift) * perGroup),
            gated.SubView((long)choice * (columns / 2), columns / 2),
            columns, inner, bits, groupShift, kind, columnsPerWarp);
    }
}
