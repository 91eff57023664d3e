using ILGPU;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>One layer's cached keys, or values, in pages (<see cref="KvLayout"/>).</summary>
/// <param name="packs">The elements.</param>
/// <param name="scales">One for each row of a head, in the rows' order; empty where the type has none.</param>
public readonly struct KvRows<TCache>(ArrayView<TCache> packs, ArrayView<float> scales)
    where TCache : unmanaged, ICachePack<TCache>
{
    public readonly ArrayView<TCache> Packs = packs;
    public readonly ArrayView<float> Scales = scales;

    /// <summary>Rows without scales.</summary>
    /// <param name="elements">Their elements.</param>
    public static KvRows<TCache> Of<T>(ArrayView<T> elements)
        where T : unmanaged => new(elements.Cast<TCache>(), ArrayView<float>.Empty);

    /// <summary>A row's scale, in kernels: 1 where the type has none.</summary>
    public float Scale(long row) => default(TCache).IsScaled ? Scales[row] : 1f;
}
