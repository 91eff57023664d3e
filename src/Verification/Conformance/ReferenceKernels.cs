using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>ref, out and in, to locals and to memory.</summary>
static class ReferenceKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<int, int>("ref to a local", RefToLocal),
        Unary<int, int>("out variables", OutVariables),
        Unary<int, int>("in parameter", (i, a, r) => r[i] = Read(a[i] + 1, in a[i])),
        Unary<int, int>("ref to an element", RefToElement),
        Unary<int, int>("ref local to an element", RefLocal),
        Unary<int, int>("ref to an element chosen by a condition", ChosenElement),
        Unary<int, int>("ref return", (i, a, r) =>
        {
            r[i] = a[i];
            At(r, i) += 5;
        }),
        Unary<int, int>("swap through refs", SwapLocals),
        Unary<int, int>("two refs to one local", (i, a, r) =>
        {
            int x = a[i];
            r[i] = Both(ref x, ref x) + x;
        }),
        Unary<short, short>("ref to a short element", (i, a, r) =>
        {
            r[i] = a[i];
            AddTo(ref r[i], 30000);
        }),
        Unary<int, int>("ref to a byte local", (i, a, r) =>
        {
            byte x = (byte)a[i];
            Wrap(ref x);
            r[i] = x;
        }),
        Unary<int, int>("argument assigned through a ref", (i, a, r) => r[i] = RaiseArgument(a[i], 7)),
        Unary<int, int>("readonly struct argument assigned through a ref", (i, a, r) => r[i] = Replaced(new Fixed(a[i]))),
        Unary<int, int>("view argument assigned through a ref", (i, a, r) => r[i] = Moved(a, i)),
        Unary<int, int>("argument assigned inside the method", (i, a, r) => r[i] = Halve(a[i]) + a[i]),
    ];

    readonly struct Fixed(int value)
    {
        public readonly int Value = value;
    }

    static void Raise(ref int x, int by) => x += by;

    static int RaiseArgument(int x, int by)
    {
        for (int k = 0; k < 3; k++)
            Raise(ref x, by);
        return x;
    }

    static void Replace(ref Fixed target) => target = new Fixed(target.Value * 2 + 1);

    static int Replaced(Fixed x)
    {
        Replace(ref x);
        return x.Value;
    }

    static void Move(ref ArrayView<int> view, int by) => view = view.SubView(by);

    static int Moved(ArrayView<int> view, int by)
    {
        Move(ref view, by);
        return view[0];
    }

    static void RefToLocal(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i];
        for (int k = 0; k < 3; k++)
            Raise(ref x, k + x);
        r[i] = x;
    }

    static void Split(int x, out int low, out int high) => (low, high) = (x & 0xffff, x >> 16);

    static void OutVariables(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Split(a[i], out int low, out int high);
        Split(low * high, out low, out _);
        r[i] = low - high;
    }

    static int Read(int x, in int y) => x * y;

    static void RefToElement(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        r[i] = 1;
        Raise(ref r[i], a[i]);
        Raise(ref r[i], r[i]);
    }

    static void RefLocal(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ref int target = ref r[i];
        target = a[i];
        target *= 3;
        target -= a[i] & target;
    }

    static void ChosenElement(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<int> local = LocalMemory.Allocate<int>(2);
        local[0] = 1;
        local[1] = 2;
        ref int chosen = ref (a[i] & 1) == 0 ? ref local[0] : ref local[1];
        chosen += a[i];
        r[i] = local[0] * 3 + local[1];
    }

    static ref int At(ArrayView<int> view, int index) => ref view[index];

    static void Swap(ref int x, ref int y) => (x, y) = (y, x);

    static void SwapLocals(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        int x = a[i], y = 5;
        Swap(ref x, ref y);
        if ((a[i] & 1) != 0)
            Swap(ref y, ref x);
        r[i] = x * 2 - y;
    }

    static int Both(ref int x, ref int y)
    {
        x += 3;
        y *= 2;
        return x - y;
    }

    static void AddTo(ref short x, int by) => x += (short)by;

    static void Wrap(ref byte x)
    {
        x += 200;
        x *= 3;
    }

    static int Halve(int x)
    {
        x /= 2;
        if (x < 0)
            x = -x;
        return x;
    }
}
