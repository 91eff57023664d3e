using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Quantization;

namespace IlgpuDca.Kernels.Moe;

/// <summary>The grouped products of a storage type, for many tokens.</summary>
public abstract class ExpertProducts<T>
    where T : unmanaged
{
    /// <summary>Rows of a tile, for <see cref="ExpertSort"/>.</summary>
    public abstract int TileRows { get; }

    /// <summary>gated[r] = silu(gate · x[tokens[r]]) · (up · x[tokens[r]]), of the expert of row r.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="gateUp">[experts, 2 · intermediate, hidden].</param>
    /// <param name="gated">[rows, intermediate].</param>
    /// <param name="scratch">The sorted rows.</param>
    /// <param name="shape">The experts.</param>
    public abstract void Gated(AcceleratorStream stream, ArrayView<T> x, WeightMatrix<T> gateUp, ArrayView<T> gated, ExpertScratch scratch, ExpertShape shape);

    /// <summary>y[choices[r]] = down · gated[r], of the expert of row r, rounded to the storage type.</summary>
    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="gated">[rows, intermediate].</param>
    /// <param name="down">[experts, hidden, intermediate].</param>
    /// <param name="y">[tokens, perToken, hidden].</param>
    /// <param name="scratch">The sorted rows.</param>
    /// <param name="shape">The experts.</param>
    public abstract void Down(AcceleratorStream stream, ArrayView<T> gated, WeightMatrix<T> down, ArrayView<T> y, ExpertScratch scratch, ExpertShape shape);

    private protected static ExpertProduct GateUpOf(ExpertScratch scratch, ExpertShape shape) =>
        new(shape.Experts, scratch.Tokens.IntLength, 2 * shape.Intermediate, shape.Hidden);

    private protected static ExpertProduct DownOf(ExpertScratch scratch, ExpertShape shape) =>
        new(shape.Experts, scratch.Tokens.IntLength, shape.Hidden, shape.Intermediate);
}
