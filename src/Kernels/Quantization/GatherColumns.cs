using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Columns in another order, that of weights whose groups are not of neighbours (GPTQ with act-order).
/// <code>y[m, k] = x[m, order[k]]</code>
/// </summary>
/// <remarks>
/// Shapes: x, y [rows, inner]; order [inner]. Work: a thread per 4 columns. Traffic: x and y once, the order from cache.
/// </remarks>
public sealed class GatherColumns<T>(Accelerator accelerator)
    where T : unmanaged
{
    const int GroupSize = 256, Columns = 4;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<int>, ArrayView<T>> _kernel =
        accelerator.LoadKernel<ArrayView<T>, ArrayView<int>, ArrayView<T>>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="x">[rows, inner].</param>
    /// <param name="order">[inner]: the column of x that comes to each place; inner is a multiple of 4.</param>
    /// <param name="y">[rows, inner].</param>
    public void Run(AcceleratorStream stream, ArrayView<T> x, ArrayView<int> order, ArrayView<T> y)
    {
        int inner = order.IntLength;
        if (inner == 0 || inner % Columns != 0 || x.Length == 0 || x.Length % inner != 0 || y.Length != x.Length)
            throw new ArgumentException($"GatherColumns: x has {x.Length} elements, y {y.Length}, order {inner}. x and y must both be "
                + $"rows · inner, order inner, a multiple of {Columns}.");
        // Rows along the first side, which has no bound that matters.
        KernelConfig config = new(new Index3D((int)(x.Length / inner), (inner / Columns + GroupSize - 1) / GroupSize, 1),
            new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, x, order, y);
    }

    static void Kernel(ArrayView<T> x, ArrayView<int> order, ArrayView<T> y)
    {
        LaunchOverlap.AllowNext();
        int inner = order.IntLength, place = (Grid.IdxY * GroupSize + Group.IdxX) * Columns;
        bool isInside = place < inner;
        ArrayView<int> from = order.SubView(isInside ? place : 0, Columns).AsAligned(Columns * Interop.SizeOf<int>());
        int a = from[0], b = from[1], c = from[2], d = from[3];
        LaunchOverlap.WaitForPrevious();
        if (!isInside)
            return;
        ArrayView<T> row = x.SubView((long)Grid.IdxX * inner, inner);
        T first = row[a], second = row[b], third = row[c], fourth = row[d];
        ArrayView<T> to = y.SubView((long)Grid.IdxX * inner + place, Columns).AsAligned(Columns * Interop.SizeOf<T>());
        to[0] = first;
        to[1] = second;
        to[2] = third;
        to[3] = fourth;
    }
}
