using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// c [64, N] += a [64, 16] · b [16, N] for the sums of 128 threads. Products of bfloat16 and E4M3 are exact, sums are float32, added in order of
/// k. A thread's sums stand as (row g: two columns, row g + 8: the same two) for every 8 columns; a and b are unpacked so that they
/// stand alike, and 16 sums are one vector.
/// </summary>
sealed unsafe class WarpgroupProduct
{
    /// <summary>Threads of a warpgroup.</summary>
    public const int Threads = 128;

    /// <summary>Rows of a and c.</summary>
    public const int Rows = 64;

    /// <summary>Columns of a and rows of b.</summary>
    public const int Depth = 16;

    const int MostColumns = 256, Quad = 4, Columns8 = 8, Lanes4 = 4, RowPairs = Rows / 2, Alignment = 64;

    [ThreadStatic]
    static WarpgroupProduct? _ofThisThread;

    readonly float[] _memory = GC.AllocateUninitializedArray<float>(
        Alignment / sizeof(float) + (RowPairs + MostColumns / Columns8 * Lanes4) * Depth * Quad, pinned: true);

    public static WarpgroupProduct OfThisThread => _ofThisThread ??= new WarpgroupProduct();

    /// <summary>[pair of rows 8w + g][k]: a[16w + g, k] twice, a[16w + g + 8, k] twice.</summary>
    float* A => (float*)(((nint)Unsafe.AsPointer(ref _memory[0]) + Alignment - 1) & -Alignment);

    /// <summary>[t][k][column / 8]: b[k, 2t], b[k, 2t + 1] of the 8 columns, twice.</summary>
    float* B => A + RowPairs * Depth * Quad;

    /// <summary>Reads a from shared memory.</summary>
    /// <returns>A byte outside shared memory that the descriptor names; -1 when all are inside.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int ReadA(byte* shared, long sharedBytes, MatrixDescriptor a)
    {
        for (int row = 0; row < Rows; row++)
        {
            float* target = A + (row / 16 * 8 + row % 8) * Depth * Quad + row / 8 % 2 * 2;
            for (int half = 0; half < 2; half++)
            {
                int address = a.AlongK(row, half);
                if (!IsInside(address, sharedBytes))
                    return address;
                ushort* elements = (ushort*)(shared + address);
                for (int k = 0; k < 8; k++)
                    *(ulong*)(target + (8 * half + k) * Quad) = (ulong)elements[k] << 16 | (ulong)elements[k] << 48;
            }
        }
        return -1;
    }

    /// <summary>Takes a from registers: each thread's four words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadA(nint* words)
    {
        for (int thread = 0; thread < Threads; thread++)
        {
            uint* own = (uint*)words[thread];
            float* target = A + (thread / 32 * 8 + thread % 32 / 4) * Depth * Quad + thread % 4 * 2 * Quad;
            for (int word = 0; word < 4; word++)
            {
                float* pair = target + word / 2 * 8 * Quad + word % 2 * 2;
                ulong low = (ulong)own[word] << 16 & 0xffff0000, high = own[word] & 0xffff0000;
                *(ulong*)pair = low | low << 32;
                *(ulong*)(pair + Quad) = high | high << 32;
            }
        }
    }

    /// <summary>Reads 16 columns of E4M3 from shared memory: the first or second half of a's 32.</summary>
    /// <returns>As <see cref="ReadA(byte*, long, MatrixDescriptor)"/>.</returns>
    public int ReadFloat8A(byte* shared, long sharedBytes, MatrixDescriptor a, int half)
    {
        for (int row = 0; row < Rows; row++)
        {
            float* target = A + (row / 16 * 8 + row % 8) * Depth * Quad + row / 8 % 2 * 2;
            int address = a.AlongK(row, half);
            if (!IsInside(address, sharedBytes))
                return address;
            for (int k = 0; k < Depth; k++)
                target[k * Quad] = target[k * Quad + 1] = Float8.Value(shared[address + k]);
        }
        return -1;
    }

    /// <summary>Takes half of a's columns of E4M3 from registers: each thread's two words of them.</summary>
    public void ReadFloat8A(nint* words, int half)
    {
        for (int thread = 0; thread < Threads; thread++)
        {
            byte* own = (byte*)words[thread] + 8 * half;
            float* target = A + (thread / 32 * 8 + thread % 32 / 4) * Depth * Quad + thread % 4 * 4 * Quad;
            for (int element = 0; element < 8; element++)
            {
                float* pair = target + element % 4 * Quad + element / 4 * 2;
                pair[0] = pair[1] = Float8.Value(own[element]);
            }
        }
    }

    /// <summary>Reads half of b's rows of E4M3.</summary>
    /// <returns>As <see cref="ReadA(byte*, long, MatrixDescriptor)"/>.</returns>
    public int ReadFloat8B(byte* shared, long sharedBytes, MatrixDescriptor b, int columns, int half)
    {
        int blocks = columns / Columns8;
        for (int column = 0; column < columns; column++)
        {
            int address = b.AlongK(column, half);
            if (!IsInside(address, sharedBytes))
                return address;
            float* target = B + (column % 8 / 2 * Depth * blocks + column / 8) * Quad + column % 2;
            for (int k = 0; k < Depth; k++)
                target[k * blocks * Quad] = target[k * blocks * Quad + 2] = Float8.Value(shared[address + k]);
        }
        return -1;
    }

    /// <summary>Reads b.</summary>
    /// <returns>As <see cref="ReadA(byte*, long, MatrixDescriptor)"/>.</returns>
    public int ReadB(byte* shared, long sharedBytes, MatrixDescriptor b, int columns, bool transposed) => transposed
        ? ReadRows(shared, sharedBytes, b, columns / Columns8)
        : ReadColumns(shared, sharedBytes, b, columns / Columns8);

    /// <summary>Adds the products to each thread's sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(nint* sums, int columns, bool accumulate)
    {
        int blocks = columns / Columns8;
        for (int t = 0; t < Lanes4; t++)
        {
            float* b = B + t * Depth * blocks * Quad;
            for (int pair = 0; pair < RowPairs; pair++)
            {
                float* own = (float*)sums[pair / 8 * 32 + pair % 8 * 4 + t];
                float* a = A + pair * Depth * Quad;
                int done = Vector512.IsHardwareAccelerated ? AddWide(own, a, b, blocks * Quad, accumulate) : 0;
                AddNarrow(own, a, b, blocks * Quad, done, accumulate);
            }
        }
    }

    static bool IsInside(int address, long sharedBytes) => address >= 0 && address + SharedSwizzles.PieceBytes <= sharedBytes;

    /// <summary>Elements of a row side by side: 8 of them are what the four lanes need of 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int ReadRows(byte* shared, long sharedBytes, MatrixDescriptor b, int blocks)
    {
        for (int k = 0; k < Depth; k++)
        {
            for (int block = 0; block < blocks; block++)
            {
                int address = b.AlongColumns(k, block);
                if (!IsInside(address, sharedBytes))
                    return address;
                Spread(Vector128.Load((uint*)(shared + address)), B + (k * blocks + block) * Quad, Depth * blocks * Quad);
            }
        }
        return -1;
    }

    /// <summary>Elements of a column side by side: two neighbours give pairs for 8 k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int ReadColumns(byte* shared, long sharedBytes, MatrixDescriptor b, int blocks)
    {
        for (int block = 0; block < blocks; block++)
        {
            for (int t = 0; t < Lanes4; t++)
            {
                for (int half = 0; half < 2; half++)
                {
                    int left = b.AlongK(block * Columns8 + 2 * t, half), right = b.AlongK(block * Columns8 + 2 * t + 1, half);
                    if (!IsInside(left, sharedBytes) || !IsInside(right, sharedBytes))
                        return IsInside(left, sharedBytes) ? right : left;
                    Vector128<ushort> first = Vector128.Load((ushort*)(shared + left));
                    Vector128<ushort> second = Vector128.Load((ushort*)(shared + right));
                    (Vector128<uint> firstLow, Vector128<uint> firstHigh) = Vector128.Widen(first);
                    (Vector128<uint> secondLow, Vector128<uint> secondHigh) = Vector128.Widen(second);
                    float* target = B + ((t * Depth + 8 * half) * blocks + block) * Quad;
                    Spread(firstLow | secondLow << 16, target, blocks * Quad);
                    Spread(firstHigh | secondHigh << 16, target + 4 * blocks * Quad, blocks * Quad);
                }
            }
        }
        return -1;
    }

    /// <summary>Four pairs of bfloat16 become four times (low, high, low, high), so many floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Spread(Vector128<uint> pairs, float* target, int distance)
    {
        Vector128<uint> low = pairs << 16, high = pairs & Vector128.Create(0xffff0000);
        for (int k = 0; k < 4; k++)
        {
            ulong pair = (ulong)high.GetElement(k) << 32 | low.GetElement(k);
            Vector128.Create(pair).Store((ulong*)(target + k * distance));
        }
    }

    /// <summary>16 sums at a time; gives how many are done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int AddWide(float* sums, float* a, float* b, int count, bool accumulate)
    {
        Vector512<float> a0 = Broadcast(a, 0), a1 = Broadcast(a, 1), a2 = Broadcast(a, 2), a3 = Broadcast(a, 3);
        Vector512<float> a4 = Broadcast(a, 4), a5 = Broadcast(a, 5), a6 = Broadcast(a, 6), a7 = Broadcast(a, 7);
        Vector512<float> a8 = Broadcast(a, 8), a9 = Broadcast(a, 9), a10 = Broadcast(a, 10), a11 = Broadcast(a, 11);
        Vector512<float> a12 = Broadcast(a, 12), a13 = Broadcast(a, 13), a14 = Broadcast(a, 14), a15 = Broadcast(a, 15);
        int done = 0;
        for (; done + 16 <= count; done += 16)
        {
            float* row = b + done;
            Vector512<float> sum = accumulate ? Vector512.Load(sums + done) : Vector512<float>.Zero;
            sum = Vector512.FusedMultiplyAdd(a0, Vector512.Load(row), sum);
            sum = Vector512.FusedMultiplyAdd(a1, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a2, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a3, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a4, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a5, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a6, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a7, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a8, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a9, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a10, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a11, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a12, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a13, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a14, Vector512.Load(row += count), sum);
            sum = Vector512.FusedMultiplyAdd(a15, Vector512.Load(row + count), sum);
            sum.Store(sums + done);
        }
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Broadcast(float* a, int k)
    {
        Vector256<float> twice = Vector256.Create(Vector128.Load(a + k * Quad));
        return Vector512.Create(twice);
    }

    /// <summary>The same from a position on, 8 at a time and the last 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void AddNarrow(float* sums, float* a, float* b, int count, int done, bool accumulate)
    {
        for (; done + 8 <= count; done += 8)
        {
            Vector256<float> sum = accumulate ? Vector256.Load(sums + done) : Vector256<float>.Zero;
            for (int k = 0; k < Depth; k++)
                sum = Vector256.FusedMultiplyAdd(
                    Vector256.Create(Vector128.Load(a + k * Quad)), Vector256.Load(b + k * count + done), sum);
            sum.Store(sums + done);
        }
        for (; done < count; done += Quad)
        {
            Vector128<float> sum = accumulate ? Vector128.Load(sums + done) : Vector128<float>.Zero;
            for (int k = 0; k < Depth; k++)
                sum = Vector128.FusedMultiplyAdd(Vector128.Load(a + k * Quad), Vector128.Load(b + k * count + done), sum);
            sum.Store(sums + done);
        }
    }
}
