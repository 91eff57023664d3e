using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Where a product's rows are read and written: a struct without fields, passed to kernels as a type argument.</summary>
public interface IProductRows
{
    /// <summary>The row of a that a row of the product is made of.</summary>
    static abstract int Source(ArrayView<int> list, int row);

    /// <summary>The row of c that it becomes.</summary>
    static abstract int Target(ArrayView<int> list, int row);
}
