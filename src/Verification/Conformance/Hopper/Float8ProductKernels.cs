using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>
/// wgmma of E4M3 on operands that TMA has copied: every swizzle, a from shared memory and from registers, several N.
/// Sums have few enough bits to be exact on the tensor cores, which keep some 14 of a sum.
/// </summary>
static class Float8ProductKernels
{
    const int Rows = 64, Depth = 128, Step = 32, Steps = Depth / Step, Threads = 128;

    /// <summary>Rows that make a block of a descriptor.</summary>
    const int BlockRows = 8;

    const byte One = 0x38;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. Of<Columns8, Float8FromShared>("shared memory"), .. Of<Columns24, Float8FromShared>("shared memory"),
        .. Of<Columns256, Float8FromShared>("shared memory"), .. Of<Columns64, Float8FromRegisters>("registers"),
        .. Of<Columns136, Float8FromRegisters>("registers"),
        HopperCase.Of("wgmma of E4M3: all codes", Kernel<Columns136, Float8FromShared>, AllCodes),
    ];

    static IEnumerable<ConformanceCase> Of<TColumns, TForm>(string from)
        where TColumns : struct, IColumns
        where TForm : struct, IFloat8Form =>
        Enum.GetValues<SharedSwizzle>().Select(swizzle =>
        {
            string name = $"wgmma of E4M3, N = {TColumns.Count}, a from {from}, swizzle {swizzle}";
            return HopperCase.Of(name, Kernel<TColumns, TForm>, accelerator =>
            {
                byte[] a = Quarters(Rows * Depth, 1), b = Quarters(TColumns.Count * Depth, 2);
                float[] c = Multiply<TColumns, TForm>(accelerator, a, b, swizzle);
                for (int k = 0; k < c.Length; k++)
                {
                    (int row, int column) = (k / TColumns.Count, k % TColumns.Count);
                    double sum = 0;
                    for (int i = 0; i < Depth; i++)
                        sum += Value(a[row * Depth + i]) * Value(b[column * Depth + i]);
                    if (!(c[k] == sum))
                        throw new ConformanceException($"{name}: c[{row}, {column}] is {c[k]:R}, expected {sum:R}.");
                }
            });
        });

    /// <summary>Every code but NaN times one, and NaN.</summary>
    static void AllCodes(Accelerator accelerator)
    {
        byte[] a = new byte[Rows * Depth], b = new byte[Columns136.Count * Depth];
        for (int code = 0; code < 256; code++)
            if ((code & 0x7F) != 0x7F)
                a[code / Depth * Depth + code % Depth] = (byte)code;
        a[2 * Depth + 5] = 0x7F;
        a[3 * Depth + 5] = 0xFF;
        for (int k = 0; k < Depth; k++)
            b[k * Depth + k] = One;
        float[] c = Multiply<Columns136, Float8FromShared>(accelerator, a, b, SharedSwizzle.Bytes128);
        for (int row = 0; row < 4; row++)
            for (int column = 0; column < Depth; column++)
            {
                double expected = row < 2 ? Value(a[row * Depth + column]) : double.NaN;
                if (!c[row * Columns136.Count + column].Equals((float)expected))
                    throw new ConformanceException($"E4M3 0x{a[row * Depth + column]:X2} in row {row} became "
                        + $"{c[row * Columns136.Count + column]:R}, expected {expected:R}.");
            }
    }

    /// <summary>Codes of random multiples of a quarter from -1.75 to 1.75.</summary>
    static byte[] Quarters(int count, int seed)
    {
        Random random = new(seed);
        byte[] magnitudes = [0, 0x28, 0x30, 0x34, One, 0x3A, 0x3C, 0x3E];
        byte[] codes = new byte[count];
        for (int k = 0; k < count; k++)
            codes[k] = (byte)(magnitudes[random.Next(magnitudes.Length)] | random.Next(2) << 7);
        return codes;
    }

    static double Value(byte code)
    {
        int exponent = code >> 3 & 15, mantissa = code & 7;
        double magnitude = (exponent == 0 ? mantissa : 8 + mantissa) * Math.Pow(2, Math.Max(exponent, 1) - 10);
        return code >> 7 == 0 ? magnitude : -magnitude;
    }

    static float[] Multiply<TColumns, TForm>(Accelerator accelerator, byte[] a, byte[] b, SharedSwizzle swizzle)
        where TColumns : struct, IColumns
        where TForm : struct, IFloat8Form
    {
        int columns = TColumns.Count, rowBytes = 16 << (int)swizzle, bytes = (Rows + columns) * Depth;
        using var deviceA = accelerator.Allocate1D(a);
        using var deviceB = accelerator.Allocate1D(b);
        using var c = accelerator.Allocate1D<float>(Rows * columns);
        c.View.CopyFromCPU(Enumerable.Repeat(float.NaN, Rows * columns).ToArray());
        TensorMap mapA = TensorMap.Create<byte>(accelerator, deviceA.View, [Depth, Rows], [Depth], [rowBytes, Rows], swizzle);
        TensorMap mapB = TensorMap.Create<byte>(
            accelerator, deviceB.View, [Depth, columns], [Depth], [rowBytes, columns], swizzle);
        accelerator.LoadStreamKernel<TensorMap, TensorMap, ArrayView<uint>, ArrayView<float>, ProductShape>(
            Kernel<TColumns, TForm>)(
            new KernelConfig(1, Threads, SharedMemoryConfig.RequestDynamic<byte>(bytes)), mapA, mapB,
            deviceA.View.BaseView.Cast<uint>(), c.View,
            new ProductShape { RowBytes = rowBytes, Bytes = bytes, Swizzle = (int)swizzle });
        accelerator.Synchronize();
        return c.GetAsArray1D();
    }

    static void Kernel<TColumns, TForm>(
        TensorMap a, TensorMap b, ArrayView<uint> plainA, ArrayView<float> c, ProductShape shape)
        where TColumns : struct, IColumns
        where TForm : struct, IFloat8Form
    {
        ref Mbarrier barrier = ref SharedMemory.Allocate<Mbarrier>(1)[0];
        ArrayView<byte> shared = SharedMemory.GetDynamic<byte>();
        ArrayView<byte> sharedB = shared.SubView(Rows * Depth);
        if (Group.IdxX == 0)
        {
            Mbarrier.Initialize(ref barrier, 1);
            Mbarrier.FenceInitialization();
        }
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            Mbarrier.ArriveExpect(ref barrier, shape.Bytes);
            for (int k = 0; k < Depth; k += shape.RowBytes)
            {
                Tma.Load(ref shared[k * Rows], a, ref barrier, k, 0);
                Tma.Load(ref sharedB[k * TColumns.Count], b, ref barrier, k, 0);
            }
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
                words[word] = plainA[((16 * warp + g + word % 2 * 8) * Depth + Step * step + word / 2 * 16) / 4 + t];
            Wgmma.Fence();
            TForm.Multiply(sums, words, Matrix(shared, Rows, step, shape), Matrix(sharedB, TColumns.Count, step, shape), step);
            Wgmma.Commit();
            Wgmma.Wait(0);
        }
        for (int j = 0; j < TColumns.Count / 8; j++)
            for (int h = 0; h < 2; h++)
                for (int e = 0; e < 2; e++)
                    c[(16 * warp + 8 * h + g) * TColumns.Count + 8 * j + 2 * t + e] = sums[4 * j + 2 * h + e];
    }

    /// <summary>Rows of 128 bytes as boxes of as many as fit into a row of the swizzle.</summary>
    static SharedMatrix Matrix(ArrayView<byte> tile, int rows, int step, ProductShape shape)
    {
        int bytes = step * Step, start = bytes / shape.RowBytes * rows * shape.RowBytes + bytes % shape.RowBytes;
        return SharedMatrix.Of(
            ref tile[start], rows * shape.RowBytes, BlockRows * shape.RowBytes, (SharedSwizzle)shape.Swizzle);
    }
}
