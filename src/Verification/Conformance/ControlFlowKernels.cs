using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Loops and jumps.</summary>
static class ControlFlowKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<int, int>("for with a variable bound", ForLoop),
        Unary<int, int>("while with break and continue", WhileLoop),
        Unary<int, int>("do while", DoWhile),
        Unary<int, int>("nested loops with break and continue", NestedLoops),
        Unary<int, int>("loop left by return", EarlyReturn),
        Unary<int, int>("loop with constant bounds and a break", ConstantLoopWithBreak),
        Unary<int, int>("value of an unrolled loop used after it", LastValue),
        Unary<int, int>("loop counting down", CountingDown),
        Unary<int, int>("loop with two counters that swap", Swapping),
        Unary<int, int>("loop that never runs", NeverRuns),
        Unary<int, int>("loop over a long counter", LongCounter),
        Unary<int, int>("goto", Goto),
        Unary<int, int>("if and else if", IfElse),
        Unary<int, int>("a value on the stack over a branch", (i, a, r) => r[i] = a[i] + (a[i] > 0 ? a[i] & 3 : a[i] & 12) * 2),
        Unary<int, int>("re-read after a store", ReRead),
    ];

    static void ForLoop(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int sum = 0;
        for (int k = 0; k < (a[i] & 15); k++)
            sum += k * a[i];
        r[i] = sum;
    }

    static void WhileLoop(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i] & 0xff, steps = 0;
        while (true)
        {
            steps++;
            if (steps > 40)
                break;
            if ((x & 1) != 0)
            {
                x = 3 * x + 1;
                continue;
            }
            x >>= 1;
            if (x <= 1)
                break;
        }
        r[i] = steps * 1000 + x;
    }

    static void DoWhile(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        uint x = (uint)a[i];
        int digits = 0;
        do
        {
            digits++;
            x /= 10;
        }
        while (x != 0);
        r[i] = digits;
    }

    static void NestedLoops(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int sum = 0, limit = a[i] & 7;
        for (int j = 0; j < limit; j++)
        {
            if (j == 3)
                continue;
            for (int k = 0; k <= j; k++)
            {
                if ((k & j) == 2)
                    break;
                if (k == 1)
                    continue;
                sum += j * 10 + k;
            }
            if (sum > 150)
                break;
        }
        r[i] = sum;
    }

    static void EarlyReturn(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        r[i] = -1;
        for (int k = 0; k < 10; k++)
            if (((a[i] >> k) & 5) == 5)
            {
                r[i] = k;
                return;
            }
        r[i] = -2;
    }

    static void ConstantLoopWithBreak(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int found = 100, product = 1;
        for (int k = 0; k < 6; k++)
        {
            product = product * 31 + a[i];
            if ((product & 7) == 5)
            {
                found = k;
                break;
            }
            if ((product & 1) == 0)
                continue;
            product ^= k;
        }
        r[i] = found * 7 + product;
    }

    static void LastValue(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int k, last = a[i];
        for (k = 0; k < 5; k++)
        {
            last = last * 3 + k;
            if (last == 17)
                break;
        }
        r[i] = last + k * 100;
    }

    static void CountingDown(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i];
        for (int offset = 16; offset > 0; offset >>= 1)
            x ^= x >>> offset;
        for (int k = 7; k >= 0; k -= 3)
            x = x * 5 + k;
        r[i] = x;
    }

    static void Swapping(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int first = a[i], second = 1;
        for (int k = 0; k < (a[i] & 31); k++)
            (first, second) = (second, first + second);
        r[i] = first - second;
    }

    static void NeverRuns(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i];
        for (int k = 5; k < 5; k++)
            x = 0;
        while (false || x != a[i])
            x++;
        r[i] = x;
    }

    static void LongCounter(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int sum = 0;
        for (long k = -3; k <= 3; k++)
            sum += (int)(k * a[i]) ^ (int)k;
        r[i] = sum;
    }

    static void Goto(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i] & 63, steps = 0;
    Again:
        steps++;
        if (x > 40)
        {
            x -= 13;
            goto Again;
        }
        if (x > 10)
        {
            x -= 7;
            if (steps < 5)
                goto Again;
            goto Done;
        }
        x = -x;
    Done:
        r[i] = x * 100 + steps;
    }

    static void IfElse(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i], y;
        if (x < -100)
            y = 1;
        else if (x < 0)
            y = x;
        else if (x == 0)
            y = 3;
        else
            y = -x;
        r[i] = y;
    }

    static void ReRead(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        r[i] = a[i];
        r[i] += r[i] & 0xff;
        int seen = r[i];
        r[i] = seen * 2;
        r[i] = r[i] - seen + r[i];
    }
}
