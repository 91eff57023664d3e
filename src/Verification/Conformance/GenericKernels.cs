using System.Numerics;
using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Generics: interfaces through constraints, static abstract members, generic mathematics, helpers and lambdas.</summary>
static class GenericKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<int, int>("generic, instance interface", Apply<Doubler>),
        Unary<int, int>("generic, another instance interface", Apply<Adder>),
        Unary<int, int>("generic, state in the struct", (i, a, r) => r[i] = Twice(new Adder { Step = 5 }, a[i])),
        Unary<int, int>("generic, static abstract members", Fold<MaximumOfTwo>),
        Unary<int, int>("generic, static abstract property", (i, a, r) => r[i] = a[i] + Identity<MaximumOfTwo>()),
        Unary<int, int>("generic mathematics of int", (i, a, r) => r[i] = Polynomial(a[i])),
        Unary<long, long>("generic mathematics of long", (i, a, r) => r[i] = Polynomial(a[i])),
        Unary<int, int>("generic, typeof decides", (i, a, r) => r[i] = Width<byte>() * 100 + Width<long>() + a[i]),
        Unary<int, int>("generic, a struct of T", (i, a, r) => r[i] = new Box<int> { Value = a[i] }.Value + new Box<short> { Value = 3 }.Value),
        Unary<int, int>("generic, default of T", (i, a, r) => r[i] = a[i] + Zero<int>() + (int)Zero<float>()),
        Unary<int, int>("interface with a default of its own", (i, a, r) => r[i] = Default(new Doubler(), a[i])),
        Unary<int, int>("helper methods in a chain", (i, a, r) => r[i] = First(a[i])),
        Unary<int, int>("helper with optional and named arguments", (i, a, r) => r[i] = Weighted(b: a[i], a: 1) + Weighted(2, 3, 4)),
        Unary<int, int>("local function", LocalFunction),
        Unary<int, int>("helper that returns early", (i, a, r) => r[i] = Sign(a[i]) * 10 + Sign(-a[i])),
        Unary<int, int>("helper called twice keeps its locals apart", (i, a, r) => r[i] = Steps(a[i] & 15) * 100 + Steps(a[i] & 3)),
        Unary<int, int>("const", (i, a, r) => r[i] = a[i] * Factor + (int)Big),
    ];

    const int Factor = 17;
    const long Big = 1L << 20;

    interface IOperation
    {
        int Run(int value);
    }

    interface IReduction
    {
        static abstract int Identity { get; }

        static abstract int Combine(int a, int b);
    }

    struct Doubler : IOperation
    {
        public readonly int Run(int value) => value * 2;
    }

    struct Adder : IOperation
    {
        public int Step;

        public int Run(int value) => value + Step++;
    }

    struct MaximumOfTwo : IReduction
    {
        public static int Identity => int.MinValue;

        public static int Combine(int a, int b) => a > b ? a : b;
    }

    struct Box<T>
    {
        public T Value;
    }

    static void Apply<TOperation>(Index1D i, ArrayView<int> a, ArrayView<int> r)
        where TOperation : struct, IOperation => r[i] = default(TOperation).Run(a[i]) + 1;

    static int Twice<TOperation>(TOperation operation, int value)
        where TOperation : struct, IOperation => operation.Run(operation.Run(value));

    static int Identity<TReduction>()
        where TReduction : struct, IReduction => TReduction.Identity;

    static void Fold<TReduction>(Index1D i, ArrayView<int> a, ArrayView<int> r)
        where TReduction : struct, IReduction
    {
        int result = TReduction.Identity;
        for (int k = 0; k < 4; k++)
            result = TReduction.Combine(result, a[i] ^ (k * 1000));
        r[i] = result;
    }

    static T Polynomial<T>(T x)
        where T : struct, INumber<T> => x * x + x - T.One;

    static int Width<T>()
        where T : unmanaged => typeof(T) == typeof(byte) ? 1 : Interop.SizeOf<T>() * 2;

    static T Zero<T>()
        where T : struct => default;

    static int Default<TOperation>(TOperation operation, int value)
        where TOperation : struct, IOperation => operation.Run(value) - value;

    static int First(int x) => Second(x + 1) * 2;

    static int Second(int x) => Third(x, x * 3) - 1;

    static int Third(int x, int y) => x ^ y;

    static int Weighted(int a, int b, int c = 10) => a + b * 2 + c * 3;

    static void LocalFunction(Index1D i, ArrayView<int> a, ArrayView<int> r)
    {
        static int Square(int x) => x * x;
        r[i] = Square(a[i]) + Square(3);
    }

    static int Sign(int x)
    {
        if (x < 0)
            return -1;
        if (x == 0)
            return 0;
        return 1;
    }

    static int Steps(int x)
    {
        int steps = 0;
        while (x > 1)
        {
            x = (x & 1) == 0 ? x >> 1 : x - 1;
            steps++;
        }
        return steps;
    }
}
