using ILGPU;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Kernels.Attention.Cache;

/// <summary>Neighbouring elements of a cached key or value as they lie in memory: what a thread loads at once.</summary>
/// <typeparam name="TPack">The struct itself.</typeparam>
public interface ICachePack<TPack>
    where TPack : unmanaged
{
    /// <summary>Elements in a pack.</summary>
    int Count { get; }

    /// <summary>Whether each row of a head has a scale, which its elements are to be multiplied by.</summary>
    bool IsScaled { get; }

    /// <summary>One element without its row's scale; the index is best a constant.</summary>
    float Element(int index);

    /// <summary>The scale of a row whose elements lie between these two; low is at most 0, high at least 0. Of whole numbers, coarse (<see cref="Rounded.Coarse"/>).</summary>
    float Scale(float low, float high);

    /// <summary>Stores four neighbouring elements, divided by the scale already; the first's place is a multiple of 4.</summary>
    void Store(ArrayView<TPack> packs, long element, Float32x4 values);
}
