using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>A list names the row of a; c is in the order of the product.</summary>
public readonly struct RowsGathered : IProductRows
{
    public static int Source(ArrayView<int> list, int row) => list[row];

    public static int Target(ArrayView<int> list, int row) => row;
}
