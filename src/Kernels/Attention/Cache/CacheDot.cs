using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>Products of cached keys with queries.</summary>
static class CacheDot
{
    /// <summary>sum + the inner product of a key's pack, without its scale, and a query's, element by element in order, in float32.</summary>
    public static float Of<TCache, TPack>(TCache key, TPack query, float sum)
        where TCache : unmanaged, ICachePack<TCache>
        where TPack : unmanaged, IPack<TPack>
    {
        for (int i = 0; i < default(TCache).Count; i++)
            sum = key.Element(i) * query.Element(i) + sum;
        return sum;
    }
}
