using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Structs: copies, nesting, methods, memory, parameters.</summary>
static class StructKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<int, int>("struct copies are independent", Copies),
        Unary<int, int>("struct nested, a field of a field assigned", NestedFields),
        Unary<int, int>("struct through ref, out and in", ByReference),
        Unary<int, int>("struct field by ref", FieldByReference),
        Unary<int, int>("struct from a constructor and an initializer", Constructors),
        Unary<int, int>("struct method that changes itself", Mutation),
        Unary<int, int>("readonly struct with operators", Operators),
        Unary<int, int>("struct chosen by a condition", Chosen),
        Unary<int, int>("struct carried through a loop", Carried),
        Unary<int, int>("struct default", Defaults),
        Unary<int, int>("tuple", Tuples),
        Unary<int, Pair>("struct written to memory", (i, a, r) => r[i] = new Pair { First = a[i], Second = -a[i] }),
        Unary<int, Mixed>("struct of mixed widths written to memory", WriteMixed),
        Unary<int, int>("struct of mixed widths in local memory", MixedInMemory),
        Unary<int, int>("struct record with deconstruction", Records),
        Grouped.Kernel<int, Mixed>("struct as a parameter", new KernelConfig(1, 32), PassedStruct,
            new Mixed { Small = -5, Wide = 1L << 40, Flag = true, Real = 1.5f }, 32, k => k - 5 + (1 << 10) + 1 + 3),
    ];

    public struct Pair
    {
        public int First;
        public int Second;

        public void Swap() => (First, Second) = (Second, First);

        public readonly int Difference() => First - Second;
    }

    public struct Mixed
    {
        public sbyte Small;
        public long Wide;
        public bool Flag;
        public float Real;
        public ushort Last;
    }

    struct Outer
    {
        public Pair Left;
        public Pair Right;
        public int Tag;
    }

    readonly struct Complex(int real, int imaginary)
    {
        public readonly int Real = real;
        public readonly int Imaginary = imaginary;

        public static Complex operator +(Complex a, Complex b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

        public static Complex operator *(Complex a, Complex b) =>
            new(a.Real * b.Real - a.Imaginary * b.Imaginary, a.Real * b.Imaginary + a.Imaginary * b.Real);

        public static implicit operator Complex(int value) => new(value, 0);

        public int Sum => Real + Imaginary;
    }

    readonly record struct Point(int X, int Y);

    static void Copies(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Pair first = new() { First = a[i], Second = 2 };
        Pair second = first;
        second.First = 5;
        first.Second = 7;
        r[i] = first.First * 3 + first.Second - second.First * 11 + second.Second;
    }

    static void NestedFields(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Outer outer = default;
        outer.Left.Second = a[i];
        outer.Right = outer.Left;
        outer.Right.First = 3;
        outer.Left.Second++;
        outer.Tag = outer.Right.Second;
        r[i] = outer.Left.Second - outer.Right.First * outer.Tag;
    }

    static void Update(ref Pair pair, in Pair other, out int sum)
    {
        pair.First += other.Second;
        sum = pair.First + pair.Second;
        pair = new Pair { First = sum, Second = pair.First };
    }

    static void ByReference(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Pair pair = new() { First = a[i], Second = 4 };
        Update(ref pair, new Pair { Second = 9 }, out int sum);
        Update(ref pair, pair, out int again);
        r[i] = pair.First * 3 + pair.Second * 5 + sum * 7 + again;
    }

    static void Add(ref int target, int value) => target += value;

    static void FieldByReference(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Outer outer = default;
        Add(ref outer.Right.Second, a[i]);
        ref Pair right = ref outer.Right;
        right.First = 2;
        Add(ref right.First, 40);
        r[i] = outer.Right.First + outer.Right.Second;
    }

    static void Constructors(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Complex c = new(a[i], 3);
        Outer outer = new() { Left = new Pair { First = 1 }, Tag = c.Imaginary };
        r[i] = c.Real + outer.Left.First + outer.Tag + outer.Right.First;
    }

    static void Mutation(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Pair pair = new() { First = a[i], Second = 10 };
        int before = pair.Difference();
        pair.Swap();
        r[i] = before * 2 + pair.Difference();
    }

    static void Operators(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Complex x = new(a[i], 2), y = x * x + 5;
        r[i] = (y * x).Sum;
    }

    static void Chosen(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Pair even = new() { First = 1, Second = a[i] }, odd = new() { First = a[i], Second = 2 };
        Pair chosen = (a[i] & 1) == 0 ? even : odd;
        r[i] = chosen.Difference();
    }

    static void Carried(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Pair pair = new() { First = a[i] };
        for (int k = 0; k < (a[i] & 7); k++)
        {
            pair.Second += pair.First;
            if ((pair.Second & 1) != 0)
                pair.Swap();
        }
        r[i] = pair.Difference();
    }

    static void Defaults(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Outer outer = new() { Tag = a[i], Left = new Pair { First = 4 } };
        int tag = outer.Tag;
        outer = default;
        r[i] = tag + outer.Tag + outer.Left.First;
    }

    static (int Quotient, int Remainder) Divide(int x, int y) => (x / y, x % y);

    static void Tuples(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        (int quotient, int remainder) = Divide(a[i], 7);
        var both = (remainder, quotient);
        r[i] = both.remainder * 1000 + both.Item2;
    }

    static void WriteMixed(Index1D i, ArrayView<int> a, ArrayView<Mixed> r) =>
        r[i] = new Mixed { Small = (sbyte)a[i], Wide = a[i] * 5L, Flag = a[i] > 0, Real = a[i], Last = (ushort)a[i] };

    static void MixedInMemory(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        ArrayView<Mixed> memory = LocalMemory.Allocate<Mixed>(3);
        for (int k = 0; k < 3; k++)
            memory[k] = new Mixed { Small = (sbyte)(a[i] + k), Wide = a[i], Flag = (a[i] & (1 << k)) != 0, Last = (ushort)(a[i] * k) };
        int chosen = (a[i] & 0x7fffffff) % 3;
        memory[chosen].Wide += 3;
        Mixed copy = memory[chosen];
        r[i] = copy.Small + (int)copy.Wide + (copy.Flag ? 1000 : 0) + copy.Last;
    }

    static void Records(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        Point point = new(a[i], 3);
        Point moved = point with { Y = point.X };
        (int x, int y) = moved;
        r[i] = x * 3 - y + point.Y;
    }

    static void PassedStruct(ArrayView<int> r, Mixed mixed) =>
        r[Group.IdxX] = Group.IdxX + mixed.Small + (int)(mixed.Wide >> 30) + (mixed.Flag ? 1 : 0) + (int)(mixed.Real * 2);
}
