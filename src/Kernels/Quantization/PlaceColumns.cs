using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Kernels.Quantization;

/// <summary>
/// Some columns of a product that was made piece by piece, into their place.
/// <code>c[m, first + n] = piece[m, n]</code>
/// </summary>
/// <remarks>Shapes: piece [rows, width]; c [rows, columns], both float32. Work: a thread per element. Traffic: the
/// piece, read and written once.</remarks>
public sealed class PlaceColumns(Accelerator accelerator)
{
    const int GroupSize = 256;

    readonly Action<AcceleratorStream, KernelConfig, ArrayView<float>, ArrayView<float>, int, int, int> _kernel =
        accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, int, int, int>(Kernel);

    /// <param name="stream">Where the kernel is queued.</param>
    /// <param name="piece">[rows, width].</param>
    /// <param name="c">[rows, columns].</param>
    /// <param name="rows">How many.</param>
    /// <param name="first">The column of the piece's first.</param>
    public void Run(AcceleratorStream stream, ArrayView<float> piece, ArrayView<float> c, int rows, int first)
    {
        int width = rows > 0 ? (int)(piece.Length / rows) : 0, columns = rows > 0 ? (int)(c.Length / rows) : 0;
        if (width == 0 || piece.Length != (long)width * rows || c.Length != (long)columns * rows
            || first < 0 || first > columns - width)
            throw new ArgumentException($"PlaceColumns: {rows} rows, the piece has {piece.Length} elements, c "
                + $"{c.Length}, first {first}; the piece's columns must be some of c's.");
        // Rows along the first side, which has no bound that matters.
        KernelConfig config = new(new Index3D(rows, (width + GroupSize - 1) / GroupSize, 1),
            new Index3D(GroupSize, 1, 1));
        _kernel(stream, config, piece, c, width, columns, first);
    }

    static void Kernel(ArrayView<float> piece, ArrayView<float> c, int width, int columns, int first)
    {
        LaunchOverlap.Begin();
        int n = Grid.IdxY * GroupSize + Group.IdxX;
        if (n < width)
            c[(long)Grid.IdxX * columns + first + n] = piece[(long)Grid.IdxX * width + n];
    }
}
