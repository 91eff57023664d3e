using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>a is in the order of the product; a list names the row of c.</summary>
public readonly struct RowsScattered : IProductRows
{
    public static int Source(ArrayView<int> list, int row) => row;

    public static int Target(ArrayView<int> list, int row) => list[row];
}
