using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Switches: statements and expressions, with tables and without.</summary>
static class SwitchKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<int, int>("switch, dense", DenseSwitch),
        Unary<int, int>("switch, sparse", SparseSwitch),
        Unary<int, int>("switch with shared and missing cases", SharedCases),
        Unary<int, int>("switch on an enum", EnumSwitch),
        Unary<long, int>("switch on a long", LongSwitch),
        Unary<int, int>("switch expression with relations", (i, a, r) => r[i] = a[i] switch
        {
            < -10 => 1,
            -1 or 0 => 2,
            > 5 and < 100 => 3,
            _ => 4,
        }),
        Unary<int, int>("switch in a loop, a state machine", StateMachine),
    ];

    enum Season : byte
    {
        Spring = 1,
        Summer,
        Autumn = 30,
        Winter,
    }

    static void DenseSwitch(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i];
        switch (x)
        {
            case 0:
                r[i] = 11;
                break;
            case 1:
                r[i] = x * 22;
                break;
            case 2:
                x++;
                goto case 3;
            case 3:
                r[i] = x * 33;
                break;
            case 4:
                goto default;
            case 5:
                r[i] = 55;
                break;
            default:
                r[i] = x ^ 0x77;
                break;
        }
    }

    static void SparseSwitch(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        switch (a[i])
        {
            case -32768:
                r[i] = 1;
                return;
            case 31:
                r[i] = 2;
                return;
            case 65535:
                r[i] = 3;
                return;
            case int.MinValue:
                r[i] = 4;
                return;
            case 100:
                r[i] = 5;
                return;
            case 127:
                r[i] = 6;
                return;
            case 256:
                r[i] = 7;
                return;
        }
        r[i] = -1;
    }

    static void SharedCases(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = 0;
        switch (a[i] & 15)
        {
            case 1 or 3 or 5:
                x = 1;
                break;
            case 2:
            case 4:
            case 9:
                x = a[i];
                break;
            case 8:
                return;
        }
        r[i] = x + 1;
    }

    static void EnumSwitch(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Season season = (Season)(a[i] & 31);
        r[i] = season switch
        {
            Season.Spring => 10,
            Season.Summer => (int)season * 100,
            Season.Autumn or Season.Winter => -(int)season,
            _ => season > Season.Summer ? 7 : 8,
        };
    }

    static void LongSwitch(Index1D i, ArrayView<long> a, ArrayView<int> r) => r[i] = a[i] switch
    {
        long.MinValue => 1,
        1L << 32 => 2,
        -1 => 3,
        0 => 4,
        _ => 5,
    };

    static void StateMachine(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int state = a[i] & 3, trace = 0;
        for (int step = 0; step < 9; step++)
        {
            switch (state)
            {
                case 0:
                    state = 2;
                    break;
                case 1:
                    state = 3;
                    continue;
                case 2:
                    state = (a[i] & 8) != 0 ? 1 : 0;
                    break;
                default:
                    state = 0;
                    break;
            }
            trace = trace * 4 + state;
        }
        r[i] = trace;
    }
}
