using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// How a group of a product on tensor cores gets the columns of its tile, rows of w, into shared memory: a struct that the kernel makes,
/// with what this thread keeps from step to step.
/// </summary>
/// <remarks>Steps are named by their first pack of 8 elements along k; those past the end are asked for too.</remarks>
public interface IProductColumns
{
    /// <summary>Packs of each stage of the ring, behind those of the rows.</summary>
    static abstract int StagePacks { get; }

    /// <summary>Packs of shared memory behind the ring.</summary>
    int OwnPacks { get; }

    /// <summary>Called once, in front of all else.</summary>
    /// <param name="own">What lies behind the ring.</param>
    /// <param name="columnStart">The tile's first column.</param>
    /// <param name="columns">Rows of w; past the last it is repeated.</param>
    /// <param name="packs">Packs of a row of 8 elements.</param>
    void Begin(ArrayView<BFloat16x8> own, int columnStart, int columns, int packs);

    /// <summary>This thread's copies of a step, <see cref="ITensorCoreTile.Stages"/> - 1 steps ahead; committed by the caller.</summary>
    /// <param name="stage">The step's stage.</param>
    /// <param name="start">Where the columns' part of it starts.</param>
    /// <param name="own">What lies behind the ring.</param>
    /// <param name="pack">The step.</param>
    /// <param name="packs">Packs of a row.</param>
    void Fetch(ArrayView<BFloat16x8> stage, int start, ArrayView<BFloat16x8> own, int pack, int packs);

    /// <summary>Makes a step's tile of what this thread has copied, between two barriers: a step ahead.</summary>
    /// <param name="own">What lies behind the ring.</param>
    /// <param name="pack">The step.</param>
    /// <param name="packs">Packs of a row.</param>
    void Make(ArrayView<BFloat16x8> own, int pack, int packs);

    /// <summary>A step's tile of bfloat16, as <see cref="FragmentTile"/> has it.</summary>
    /// <param name="stage">The step's stage.</param>
    /// <param name="start">Where the columns' part of it starts.</param>
    /// <param name="own">What lies behind the ring.</param>
    /// <param name="pack">The step.</param>
    ArrayView<BFloat16x8> Tile(ArrayView<BFloat16x8> stage, int start, ArrayView<BFloat16x8> own, int pack);
}
