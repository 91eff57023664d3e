using ILGPU;

namespace IlgpuDca.Kernels.MatMul;

/// <summary>Rows are read and written where they are.</summary>
public readonly struct RowsInOrder : IProductRows
{
    public static int Source(ArrayView<int> list, int row) => row;

    public static int Target(ArrayView<int> list, int row) => row;
}
