namespace IlgpuDca.Kernels.MatMul;

/// <summary>Neighbouring elements of a row that are loaded together, at best 16 bytes.</summary>
/// <typeparam name="TPack">The struct itself.</typeparam>
public interface IPack<TPack>
    where TPack : unmanaged
{
    /// <summary>Elements in a pack.</summary>
    int Count { get; }

    /// <summary>sum + the inner product of two packs, element by element in order, in float32.</summary>
    float Dot(TPack a, TPack b, float sum);

    /// <summary>One element as a float; the index is best a constant.</summary>
    float Element(int index);
}
