using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>
/// wgmma on operands that TMA has copied: every swizzle, b by columns and by rows, a from registers, the smallest and largest N.
/// </summary>
static class ProductKernels
{
    const int Rows = 64, Depth = 64, Step = 16, Steps = Depth / Step, Threads = 128, ElementBytes = sizeof(ushort);

    /// <summary>Rows that make a block of a descriptor.</summary>
    const int BlockRows = 8;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. Of<Columns8, FromShared>("columns"), .. Of<Columns24, FromShared>("columns"), .. Of<Columns64, FromShared>("columns"),
        .. Of<Columns136, FromShared>("columns"), .. Of<Columns256, FromShared>("columns"),
        .. Of<Columns8, FromSharedTransposed>("rows"), .. Of<Columns24, FromSharedTransposed>("rows"),
        .. Of<Columns136, FromSharedTransposed>("rows"), .. Of<Columns256, FromSharedTransposed>("rows"),
        .. Of<Columns64, FromRegisters>("columns, a from registers"),
        .. Of<Columns136, FromRegistersTransposed>("rows, a from registers"),
    ];

    static IEnumerable<ConformanceCase> Of<TColumns, TForm>(string form)
        where TColumns : struct, IColumns
        where TForm : struct, IProductForm =>
        Enum.GetValues<SharedSwizzle>().Select(swizzle =>
        {
            string name = $"wgmma, N = {TColumns.Count}, b by {form}, swizzle {swizzle}";
            return HopperCase.Of(name, Kernel<TColumns, TForm>, accelerator => Run<TColumns, TForm>(accelerator, name, swizzle));
        });

    static void Run<TColumns, TForm>(Accelerator accelerator, string name, SharedSwizzle swizzle)
        where TColumns : struct, IColumns
        where TForm : struct, IProductForm
    {
        int columns = TColumns.Count, rowBytes = 16 << (int)swizzle, elements = rowBytes / ElementBytes;
        (ushort[] a, ushort[] b) = (HopperCase.Random(Rows * Depth, 1), HopperCase.Random(columns * Depth, 2));
        using var deviceA = accelerator.Allocate1D(a);
        using var deviceB = accelerator.Allocate1D(b);
        using var c = accelerator.Allocate1D<float>(Rows * columns);
        c.View.CopyFromCPU(Enumerable.Repeat(float.NaN, Rows * columns).ToArray());
        TensorMap mapA = TensorMap.Create<ushort>(accelerator, deviceA.View, [Depth, Rows], [Depth], [elements, Rows], swizzle);
        TensorMap mapB = TForm.Transposed
            ? TensorMap.Create<ushort>(accelerator, deviceB.View, [columns, Depth], [columns], [elements, Depth], swizzle)
            : TensorMap.Create<ushort>(accelerator, deviceB.View, [Depth, columns], [Depth], [elements, columns], swizzle);
        int bytesOfB = TForm.Transposed ? (columns + elements - 1) / elements * Depth * rowBytes : columns * Depth * ElementBytes;
        int bytes = Rows * Depth * ElementBytes + bytesOfB;
        accelerator.LoadStreamKernel<TensorMap, TensorMap, ArrayView<ushort>, ArrayView<float>, ProductShape>(Kernel<TColumns, TForm>)(
            new KernelConfig(1, Threads, SharedMemoryConfig.RequestDynamic<byte>(bytes)),
            mapA, mapB, deviceA.View, c.View, new ProductShape { RowBytes = rowBytes, Bytes = bytes, Swizzle = (int)swizzle });
        accelerator.Synchronize();
        float[] actual = c.GetAsArray1D();
        for (int k = 0; k < actual.Length; k++)
        {
            (int row, int column) = (k / columns, k % columns);
            double sum = 0, magnitude = 0;
            for (int i = 0; i < Depth; i++)
            {
                double product = HopperCase.Value(a[row * Depth + i])
                    * HopperCase.Value(TForm.Transposed ? b[i * columns + column] : b[column * Depth + i]);
                (sum, magnitude) = (sum + product, magnitude + Math.Abs(product));
            }
            double error = Math.Abs(actual[k] - sum), limit = Tolerance.TensorCoreGamma(Depth) * magnitude;
            if (!(error <= limit))
                throw new ConformanceException($"{name}: c[{row}, {column}] is {actual[k]:R}, expected {sum:R} within {limit:g3}.");
        }
    }

    static void Kernel<TColumns, TForm>(TensorMap a, TensorMap b, ArrayView<ushort> plainA, ArrayView<float> c, ProductShape shape)
        where TColumns : struct, IColumns
        where TForm : struct, IProductForm
    {
        ref Mbarrier barrier = ref SharedMemory.Allocate<Mbarrier>(1)[0];
        ArrayView<ushort> shared = SharedMemory.GetDynamic<ushort>();
        ArrayView<ushort> sharedB = shared.SubView(Rows * Depth);
        int rowElements = shape.RowBytes / ElementBytes;
        if (Group.IdxX == 0)
        {
            Mbarrier.Initialize(ref barrier, 1);
            Mbarrier.FenceInitialization();
        }
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            Mbarrier.ArriveExpect(ref barrier, shape.Bytes);
            for (int k = 0; k < Depth; k += rowElements)
                Tma.Load(ref shared[k * Rows], a, ref barrier, k, 0);
            if (TForm.Transposed)
                for (int column = 0; column < TColumns.Count; column += rowElements)
                    Tma.Load(ref sharedB[column * Depth], b, ref barrier, column, 0);
            else
                for (int k = 0; k < Depth; k += rowElements)
                    Tma.Load(ref sharedB[k * TColumns.Count], b, ref barrier, k, 0);
        }
        Mbarrier.Wait(ref barrier, 0);

        ArrayView<float> sums = LocalMemory.Allocate<float>(TColumns.Count / 2);
        ArrayView<uint> words = LocalMemory.Allocate<uint>(4);
        int warp = Group.IdxX / 32, g = Group.IdxX % 32 / 4, t = Group.IdxX % 4;
        // What is in the sums before does not count.
        for (int k = 0; k < TColumns.Count / 2; k++)
            sums[k] = 1000 + k;
        for (int step = 0; step < Steps; step++)
        {
            for (int word = 0; word < 4; word++)
            {
                int first = (16 * warp + g + word % 2 * 8) * Depth + Step * step + 2 * t + word / 2 * 8;
                words[word] = plainA[first] | (uint)plainA[first + 1] << 16;
            }
            Wgmma.Fence();
            TForm.Multiply(sums, words, Matrix(shared, Rows, step, shape),
                TForm.Transposed ? Transposed(sharedB, step, shape) : Matrix(sharedB, TColumns.Count, step, shape), step);
            Wgmma.Commit();
            Wgmma.Wait(0);
        }
        for (int j = 0; j < TColumns.Count / 8; j++)
            for (int h = 0; h < 2; h++)
                for (int e = 0; e < 2; e++)
                    c[(16 * warp + 8 * h + g) * TColumns.Count + 8 * j + 2 * t + e] = sums[4 * j + 2 * h + e];
    }

    /// <summary>Rows of 64 elements as boxes of as many as fit into a row of the swizzle.</summary>
    static SharedMatrix Matrix(ArrayView<ushort> tile, int rows, int step, ProductShape shape)
    {
        int bytes = step * Step * ElementBytes;
        int start = bytes / shape.RowBytes * rows * shape.RowBytes + bytes % shape.RowBytes;
        return SharedMatrix.Of(
            ref tile[start / ElementBytes], rows * shape.RowBytes, BlockRows * shape.RowBytes, (SharedSwizzle)shape.Swizzle);
    }

    /// <summary>64 rows of b as boxes of so many columns; without a swizzle the two distances change their roles.</summary>
    static SharedMatrix Transposed(ArrayView<ushort> tile, int step, ProductShape shape)
    {
        int alongColumns = Depth * shape.RowBytes, alongRows = BlockRows * shape.RowBytes;
        bool plain = shape.Swizzle == (int)SharedSwizzle.None;
        return SharedMatrix.Of(ref tile[step * Step * shape.RowBytes / ElementBytes],
            plain ? alongRows : alongColumns, plain ? alongColumns : alongRows, (SharedSwizzle)shape.Swizzle);
    }
}
