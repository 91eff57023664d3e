using ILGPU;

namespace IlgpuDca.Kernels.MatMul.Epilogues;

/// <summary>c = silu(gate) · up, rounded to the storage type.</summary>
public readonly struct Gate<T, TElement> : IEpilogue<T>
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    public static bool Pairs => true;

    public static void Write(ArrayView<T> c, long index, float sum, float up) => c[index] = default(TElement).Store(Silu.Gated(sum, up));

    public static void WriteTwo(ArrayView<T> c, long pair, float first, float second, float firstUp, float secondUp) =>
        default(TElement).StoreTwo(c, pair, Silu.Gated(first, firstUp), Silu.Gated(second, secondUp));
}
