namespace IlgpuDca.Kernels.MatMul;

/// <summary>One element as a pack: for rows that don't divide into 16 bytes.</summary>
public readonly struct Single<T, TElement>(T value) : IPack<Single<T, TElement>>
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    public readonly T Value = value;

    public int Count => 1;

    public float Dot(Single<T, TElement> a, Single<T, TElement> b, float sum) =>
        default(TElement).Load(a.Value) * default(TElement).Load(b.Value) + sum;

    public float Element(int index) => default(TElement).Load(Value);
}
