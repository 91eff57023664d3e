using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Columns of bfloat16: copies fill the ring's stages beside the multiplications.</summary>
/// <param name="w">[columns, inner] as packs.</param>
/// <param name="starts">Room for <see cref="Parts"/>.</param>
readonly struct PlainColumns<TTile>(ArrayView<BFloat16x8> w, ArrayView<int> starts) : IProductColumns
    where TTile : struct, ITensorCoreTile
{
    static int StepPacks => TTile.Step / 8;

    public static int StagePacks => TTile.Columns * StepPacks;

    /// <summary>Rows of w that the group copies at once, a part.</summary>
    static int PartRows => TTile.Columns / FragmentTile.BlockPacks;

    /// <summary>Parts of a stage.</summary>
    public static int Parts => TTile.Columns / PartRows;

    public int OwnPacks => 0;

    public void Begin(ArrayView<BFloat16x8> own, int columnStart, int columns, int packs)
    {
        int copied = Group.IdxX / FragmentTile.BlockPacks;
        for (int part = 0; part < Parts; part++)
            starts[part] = IntrinsicMath.Min(columnStart + part * PartRows + copied, columns - 1) * packs;
    }

    public void Fetch(ArrayView<BFloat16x8> stage, int start, ArrayView<BFloat16x8> own, int pack, int packs) =>
        TileCopy.CopyStep(stage, start, TTile.Columns, w, starts, PartRows, StepPacks, pack, packs);

    public void Make(ArrayView<BFloat16x8> own, int pack, int packs)
    {
    }

    public ArrayView<BFloat16x8> Tile(ArrayView<BFloat16x8> stage, int start, ArrayView<BFloat16x8> own, int pack) =>
        stage.SubView(start, StagePacks);
}
