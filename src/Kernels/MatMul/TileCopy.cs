using ILGPU;
#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;
#endif

namespace IlgpuDca.Kernels.MatMul;

/// <summary>
/// Copies of packs from global to shared memory beside the thread's other work (cp.async); the ILGPU package, which has
/// none, copies through registers.
/// </summary>
static class TileCopy
{
    /// <summary>tile[place] = source[index], or zeros; the index is one that exists in either case.</summary>
    public static void Copy(
        ArrayView<BFloat16x8> tile, int place, ArrayView<BFloat16x8> source, long index, bool copies)
    {
#if ILGPU_PACKAGE
        BFloat16x8 pack = default;
        if (copies)
            pack = source[index];
        tile[place] = pack;
#else
        AsyncCopy.Copy(ref tile[place], ref source[index], copies ? AsyncCopy.Bytes : 0);
#endif
    }

    /// <summary>
    /// This thread's copies of a step of rows into a tile as <see cref="FragmentTile"/> has it; zeros past the inner size, also in steps
    /// that there are not.
    /// </summary>
    /// <param name="stage">Holds the tile.</param>
    /// <param name="start">Where the tile starts.</param>
    /// <param name="rows">Of the tile.</param>
    /// <param name="source">Rows of packs.</param>
    /// <param name="starts">For each part of the tile, where in the source the row starts of which this thread copies a pack.</param>
    /// <param name="partRows">Rows of a part: four threads of the group for each.</param>
    /// <param name="stepPacks">Packs of a row in a step.</param>
    /// <param name="pack">The step's first pack.</param>
    /// <param name="packs">Packs of a row.</param>
    public static void CopyStep(ArrayView<BFloat16x8> stage, int start, int rows, ArrayView<BFloat16x8> source, ArrayView<int> starts,
        int partRows, int stepPacks, int pack, int packs)
    {
        const int blockPacks = FragmentTile.BlockPacks;
        int inBlock = Group.IdxX & (blockPacks - 1);
        int place = FragmentTile.InBlock((int)((uint)Group.IdxX / blockPacks), inBlock);
        for (int block = 0; block < stepPacks; block += blockPacks)
        {
            int column = pack + block + inBlock;
            bool exists = column < packs;
            for (int part = 0; part < rows / partRows; part++)
                Copy(stage, place + start + block * rows + part * (partRows * blockPacks), source, starts[part] + (exists ? column : 0), exists);
        }
    }

    /// <summary>This thread's copies since the last commit become a group.</summary>
    public static void Commit()
    {
#if !ILGPU_PACKAGE
        AsyncCopy.Commit();
#endif
    }

    /// <summary>Waits until all but this thread's latest so many groups are copied.</summary>
    public static void Wait(int pending)
    {
#if !ILGPU_PACKAGE
        AsyncCopy.Wait(pending);
#endif
    }
}
