using ILGPU;

namespace IlgpuDca.Kernels;

/// <summary>
/// How an element in memory becomes a float and back: a struct without fields, passed to kernels as a type argument, so that one
/// kernel serves every storage type.
/// </summary>
/// <typeparam name="T">The type in memory.</typeparam>
public interface IElement<T>
    where T : unmanaged
{
    /// <summary>The value, exactly.</summary>
    float Load(T stored);

    /// <summary>The nearest value of the storage type.</summary>
    T Store(float value);

    /// <summary>Stores the elements 2 · pair and 2 · pair + 1 at once.</summary>
    void StoreTwo(ArrayView<T> target, long pair, float first, float second);
}
