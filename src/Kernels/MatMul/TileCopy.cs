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
