using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>LocalMemory with constant and moving indices: in registers or in memory, the values are the same.</summary>
static class LocalMemoryKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<int, int>("local array, constant indices", ConstantIndices),
        Unary<int, int>("local array, indices of a data-dependent value", DynamicIndices),
        Unary<int, int>("local array filled and summed in loops", Loops),
        Unary<int, int>("local array in an unrolled loop with a break", Break),
        Unary<int, int>("local array in nested unrolled loops", Nested),
        Unary<int, int>("local array of shorts wraps", Shorts),
        Unary<int, int>("local array of bytes", Bytes),
        Unary<int, int>("local array of booleans", Booleans),
        Unary<float, int>("local array seen as other numbers", Reinterpreted),
        Unary<int, int>("local array of longs, halves read", LongHalves),
        Unary<int, int>("local array written on one path only", OnePath),
        Unary<int, int>("local array passed to a method", Passed),
        Unary<int, int>("local array sorted", Sorted),
        Unary<int, int>("two local arrays swapped by reference", SwappedArrays),
    ];

    static void ConstantIndices(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> x = LocalMemory.Allocate<int>(3);
        x[0] = a[i];
        x[1] = x[0] + 1;
        x[2] = x[1] * x[0];
        x[0] = x[2] - x[1];
        r[i] = x[0] ^ x[1] ^ x[2];
    }

    static void DynamicIndices(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> x = LocalMemory.Allocate<int>(8);
        for (int k = 0; k < 8; k++)
            x[k] = k * k;
        x[a[i] & 7] += 100;
        r[i] = x[(a[i] >> 3) & 7] * 1000 + x[a[i] & 7];
    }

    static void Loops(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> x = LocalMemory.Allocate<int>(16);
        for (int k = 0; k < 16; k++)
            x[k] = a[i] >> k;
        int sum = 0;
        for (int k = 15; k >= 0; k--)
            sum = sum * 3 + x[k];
        r[i] = sum;
    }

    static void Break(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> x = LocalMemory.Allocate<int>(6);
        for (int k = 0; k < 6; k++)
            x[k] = -1;
        for (int k = 0; k < 6; k++)
        {
            if (((a[i] >> k) & 1) != 0)
                continue;
            x[k] = a[i] * k;
            if ((a[i] & (2 << k)) != 0)
                break;
            x[5 - k] += 10;
        }
        int sum = 0;
        for (int k = 0; k < 6; k++)
            sum = sum * 7 + x[k];
        r[i] = sum;
    }

    static void Nested(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> x = LocalMemory.Allocate<int>(12);
        for (int row = 0; row < 3; row++)
            for (int column = 0; column < 4; column++)
                x[row * 4 + column] = a[i] * row - column;
        int sum = 0;
        for (int column = 0; column < 4; column++)
        {
            int product = 1;
            for (int row = 0; row < 3; row++)
                product *= x[row * 4 + column] | 1;
            sum ^= product;
        }
        r[i] = sum;
    }

    static void Shorts(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<short> x = LocalMemory.Allocate<short>(2);
        x[0] = (short)a[i];
        x[1] = (short)(x[0] * 3);
        x[0] += x[1];
        r[i] = x[0] - x[1];
    }

    static void Bytes(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<byte> x = LocalMemory.Allocate<byte>(4);
        for (int k = 0; k < 4; k++)
            x[k] = (byte)(a[i] >> (8 * k));
        x[0]++;
        x[3]--;
        r[i] = x[0] | (x[1] << 8) | (x[2] << 16) | (x[3] << 24);
    }

    static void Booleans(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<bool> x = LocalMemory.Allocate<bool>(3);
        x[0] = a[i] > 0;
        x[1] = !x[0];
        x[2] = x[0] && (a[i] & 1) != 0;
        r[i] = (x[0] ? 1 : 0) + (x[1] ? 2 : 0) + (x[2] ? 4 : 0);
    }

    static void Reinterpreted(Index1D i, ArrayView<float> a, ArrayView<int> r)
    {
        ArrayView<float> x = LocalMemory.Allocate<float>(2);
        ArrayView<int> bits = x.Cast<int>();
        x[0] = a[i];
        bits[1] = 0x3f800000;
        r[i] = (bits[0] >> 31) + (int)x[1];
    }

    static void LongHalves(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<long> x = LocalMemory.Allocate<long>(1);
        x[0] = a[i] * 0x1_0000_0003L;
        ArrayView<int> halves = x.Cast<int>();
        r[i] = halves[0] ^ (halves[1] * 5);
    }

    static void OnePath(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> x = LocalMemory.Allocate<int>(2);
        x[0] = 1;
        x[1] = 2;
        if (a[i] > 0)
        {
            x[0] = a[i];
            if (a[i] > 100)
                x[1] = x[0] - 1;
        }
        else
        {
            x[1] = -a[i];
        }
        r[i] = x[0] * 3 + x[1];
    }

    static void Fill(ArrayView<int> x, int value)
    {
        for (int k = 0; k < 4; k++)
            x[k] = value + k;
    }

    static void Passed(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> x = LocalMemory.Allocate<int>(8);
        Fill(x, a[i]);
        Fill(x.SubView(4, 4), a[i] * 2);
        r[i] = x[1] + x[5] * 3 + x[7];
    }

    static void Sorted(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> x = LocalMemory.Allocate<int>(5);
        for (int k = 0; k < 5; k++)
            x[k] = (a[i] >> (3 * k)) & 7;
        for (int end = 4; end > 0; end--)
            for (int k = 0; k < end; k++)
                if (x[k] > x[k + 1])
                    (x[k], x[k + 1]) = (x[k + 1], x[k]);
        int number = 0;
        for (int k = 0; k < 5; k++)
            number = number * 10 + x[k];
        r[i] = number;
    }

    static void SwappedArrays(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> current = LocalMemory.Allocate<int>(4), next = LocalMemory.Allocate<int>(4);
        for (int k = 0; k < 4; k++)
            current[k] = a[i] + k;
        for (int step = 0; step < 3; step++)
        {
            for (int k = 0; k < 4; k++)
                next[k] = current[k] + current[(k + 1) & 3] * 2;
            (current, next) = (next, current);
        }
        r[i] = current[0] ^ current[3] ^ next[1];
    }
}
