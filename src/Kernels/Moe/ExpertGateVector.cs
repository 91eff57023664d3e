using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.MatMul.Epilogues;

namespace IlgpuDca.Kernels.Moe;

/// <summary>
/// Gate and up of few tokens' experts, as decoding needs it: only the chosen experts' weights are read.
/// <code>gated[t, j, n] = silu(x[t] · gate[chosen[t, j], n]) · (x[t] · up[chosen[t, j], n])</code>
/// </summary>
/// <remarks>
/// Shapes: x [tokens, hidden]; gateUp [experts, 2 · intermediate, hidden], rows as <see cref="GateUpOrder"/> says; gated [tokens · perToken,
/// intermediate]. Work: as of <see cref="MatMulVector{TPack, TOut, TEpilogue}"/> with one row, for each choice.
/// </remarks>
public sealed class ExpertGateVector<T, TElement, TPack>(Accelerator accelerator)
    where T : unmanaged
    where TElement : struct, IElement<T>
    where TPack : unmanaged, IPack<TPack>
{
    const int GroupSize = MatMulVector<TPack, T, Gate<T, TElement>>.GroupSize;
    const int Warps = GroupSize / 32;

    /// <summary>A gate and its up row.</summary>
    const int ColumnsPerWarp = 2;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<TPack>, ArrayView<TPack>, ArrayView<int>, ArrayView<T>, int, int, int, SpecializedValue<int>, SpecializedValue<int>> _kernel =
        accelerator.LoadKernel<ArrayView<TPack>, ArrayView<TPack>, ArrayView<int>, ArrayView<T>, int, int, int, SpecializedValue<int>, SpecializedValue<int>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="gateUp">[experts, 2 · intermediate, hidden].</param>
    /// <param name="chosen">[tokens, perToken].</param>
    /// <param name="gated">[tokens · perToken, intermediate].</param>
    /// <param name="shape">The experts.</param>
    public void Run(AcceleratorStream stream, ArrayView<T> x, ArrayView<T> gateUp, ArrayView<int> chosen, ArrayView<T> gated, ExpertShape shape)
    {
        shape.Check();
        long tokens = x.Length / shape.Hidden, choices = tokens * shape.PerToken, weights = 2L * shape.Experts * shape.Intermediate * shape.Hidden;
        if (tokens == 0 || x.Length != tokens * shape.Hidden || chosen.Length != choices || gateUp.Length != weights || gated.Length != choices * shape.Intermediate)
            throw new ArgumentException($"ExpertGateVector: x has {x.Length} elements, gateUp {gateUp.Length}, gated {gated.Length}, {chosen.Length} choices; {shape} need "
                + $"a multiple of {shape.Hidden}, {weights}, {choices * shape.Intermediate} and {choices}.");
        KernelConfig config = new(new Index3D((shape.Intermediate + Warps - 1) / Warps, (int)choices, 1), new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, x.Cast<TPack>(), gateUp.Cast<TPack>(), chosen, gated, shape.PerToken, 2 * shape.Intermediate, shape.Hidden / default(TPack).Count,
            SpecializedValue.New(1), SpecializedValue.New(ColumnsPerWarp));
    }

    static void Kernel(ArrayView<TPack> x, ArrayView<TPack> gateUp, ArrayView<int> chosen, ArrayView<T> gated, int perToken, int columns, int packs,
        SpecializedValue<int> rows, SpecializedValue<int> columnsPerWarp)
    {
        // Which weights are needed is known only when the kernel before has ended. The next one needs that too.
        LaunchOverlap.BeginInTurn();
        int choice = Grid.IdxY;
        long matrix = (long)columns * packs;
        MatMulVector<TPack, T, Gate<T, TElement>>.Multiply(x.SubView((long)(choice / perToken) * packs, packs), gateUp.SubView(chosen[choice] * matrix, matrix),
            gated.SubView((long)choice * (columns / 2), columns / 2), columns, packs, rows, columnsPerWarp);
    }
}
