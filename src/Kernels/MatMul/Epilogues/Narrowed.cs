using ILGPU;

namespace IlgpuDca.Kernels.MatMul.Epilogues;

/// <summary>c = sum, rounded to the storage type.</summary>
public readonly struct Narrowed<T, TElement> : IEpilogue<T>
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    public static bool Pairs => false;

    public static void Write(ArrayView<T> c, long index, float sum, float up) => c[index] = default(TElement).Store(sum);

    public static void WriteTwo(ArrayView<T> c, long pair, float first, float second, float firstUp, float secondUp) =>
        default(TElement).StoreTwo(c, pair, first, second);
}
