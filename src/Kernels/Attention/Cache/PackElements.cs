using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>What packs of eight codes have in common.</summary>
static class PackElements
{
    /// <summary>All elements times a factor as bfloat16.</summary>
    public static BFloat16x8 Scaled<TPack>(TPack pack, float factor)
        where TPack : unmanaged, ICachePack<TPack> => new(
        BFloat16Pair.Pack(pack.Element(0) * factor, pack.Element(1) * factor), BFloat16Pair.Pack(pack.Element(2) * factor, pack.Element(3) * factor),
        BFloat16Pair.Pack(pack.Element(4) * factor, pack.Element(5) * factor), BFloat16Pair.Pack(pack.Element(6) * factor, pack.Element(7) * factor));
}
