using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>
/// Every operation on values, edges included: operands as loaded values, as arguments, and as constants.
/// </summary>
public unsafe class OpcodeTests
{
    static readonly int[] Ints = [0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 255, 0x12345678, int.MaxValue, int.MinValue];

    static readonly long[] Longs =
        [0, 1, -1, 3, -3, 63, 64, 65, 1L << 40, (1L << 60) + (1L << 36) + 1, long.MaxValue, long.MinValue,
            0x123456789abcdef];

    static readonly float[] Floats =
        [0f, -0f, 1f, -1f, 0.5f, 1.5f, 2.5f, -2.5f, 3.7f, 1e-40f, 1e10f, -1e10f, 3e38f, 2147483648f, 4294967296f,
            -129.5f,
            float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    static readonly double[] Doubles =
        [0d, -0d, 1d, -1d, 0.5, 2.5, -3.5, 1e-310, 1e300, 1e19, -1e19, 4294967295.5, double.PositiveInfinity,
            double.NegativeInfinity, double.NaN];

    [Fact]
    public void IntegerOperations32()
    {
        Binary(Opcode.Add, Ints, (a, b) => unchecked(a + b));
        Binary(Opcode.Sub, Ints, (a, b) => unchecked(a - b));
        Binary(Opcode.Mul, Ints, (a, b) => unchecked(a * b));
        Binary(Opcode.DivS, Ints, (a, b) => b == 0 ? -1 : a == int.MinValue && b == -1 ? int.MinValue : a / b);
        Binary(Opcode.DivU, Ints, (a, b) => b == 0 ? -1 : (int)((uint)a / (uint)b));
        Binary(Opcode.RemS, Ints, (a, b) => b == 0 ? a : b == -1 ? 0 : a % b);
        Binary(Opcode.RemU, Ints, (a, b) => b == 0 ? a : (int)((uint)a % (uint)b));
        Binary(Opcode.MinS, Ints, Math.Min);
        Binary(Opcode.MaxS, Ints, Math.Max);
        Binary(Opcode.MinU, Ints, (a, b) => (uint)a < (uint)b ? a : b);
        Binary(Opcode.MaxU, Ints, (a, b) => (uint)a > (uint)b ? a : b);
        Binary(Opcode.MulHighS, Ints, (a, b) => (int)((long)a * b >> 32));
        Binary(Opcode.MulHighU, Ints, (a, b) => (int)((ulong)(uint)a * (uint)b >> 32));
        Binary(Opcode.And, Ints, (a, b) => a & b);
        Binary(Opcode.Or, Ints, (a, b) => a | b);
        Binary(Opcode.Xor, Ints, (a, b) => a ^ b);
        Binary(Opcode.Shl, Ints, (a, b) => a << (b & 31));
        Binary(Opcode.ShrS, Ints, (a, b) => a >> (b & 31));
        Binary(Opcode.ShrU, Ints, (a, b) => a >>> (b & 31));
        Unary(Opcode.Neg, Ints, a => unchecked(-a));
        Unary(Opcode.Abs, Ints, a => a == int.MinValue ? a : Math.Abs(a));
        Unary(Opcode.Not, Ints, a => ~a);
        Unary(Opcode.PopCount, Ints, a => System.Convert.ToString(a, 2).Count(digit => digit == '1'));
        Unary(Opcode.LeadingZeros, Ints, a => a == 0 ? 32 : 32 - System.Convert.ToString(a, 2).Length);
        Unary(Opcode.TrailingZeros, Ints, a => a == 0 ? 32 : System.Convert.ToString(a, 2).Reverse().TakeWhile(d =>
            d == '0').Count());
        Unary(Opcode.SignExtend8, Ints, a => (sbyte)a);
        Unary(Opcode.ZeroExtend8, Ints, a => (byte)a);
        Unary(Opcode.SignExtend16, Ints, a => (short)a);
        Unary(Opcode.ZeroExtend16, Ints, a => (ushort)a);
    }

    [Fact]
    public void IntegerOperations64()
    {
        Binary(Opcode.Add, Longs, (a, b) => unchecked(a + b));
        Binary(Opcode.Mul, Longs, (a, b) => unchecked(a * b));
        Binary(Opcode.DivS, Longs, (a, b) => b == 0 ? -1 : b == -1 ? unchecked(-a) : a / b);
        Binary(Opcode.DivU, Longs, (a, b) => b == 0 ? -1 : (long)((ulong)a / (ulong)b));
        Binary(Opcode.RemS, Longs, (a, b) => b == 0 ? a : b == -1 ? 0 : a % b);
        Binary(Opcode.RemU, Longs, (a, b) => b == 0 ? a : (long)((ulong)a % (ulong)b));
        Binary(Opcode.MinU, Longs, (a, b) => (ulong)a < (ulong)b ? a : b);
        Binary(Opcode.MaxS, Longs, Math.Max);
        Binary(Opcode.MulHighS, Longs, (a, b) => (long)((Int128)a * b >> 64));
        Binary(Opcode.MulHighU, Longs, (a, b) => (long)(ulong)((UInt128)(ulong)a * (ulong)b >> 64));
        Unary(Opcode.Neg, Longs, a => unchecked(-a));
        Unary(Opcode.Abs, Longs, a => a == long.MinValue ? a : Math.Abs(a));
        Unary(Opcode.PopCount, Longs, a => (long)ulong.PopCount((ulong)a));
        Unary(Opcode.LeadingZeros, Longs, a => (long)ulong.LeadingZeroCount((ulong)a));
        Unary(Opcode.TrailingZeros, Longs, a => (long)ulong.TrailingZeroCount((ulong)a));
        foreach (int count in (int[])[0, 1, 33, 63, 64, 65, -1])
        {
            Value shift = Constant.Int(count);
            Check(Longs, Longs, (b, x, _) => b.Op(Opcode.Shl, IrType.I64, x, shift), (a, _) => a << (count & 63));
            Check(Longs, Longs, (b, x, _) => b.Op(Opcode.ShrS, IrType.I64, x, shift), (a, _) => a >> (count & 63));
            Check(Longs, Longs, (b, x, _) => b.Op(Opcode.ShrU, IrType.I64, x, shift), (a, _) => a >>> (count & 63));
        }
    }

    [Fact]
    public void FloatOperations()
    {
        Binary(Opcode.Add, Floats, (a, b) => a + b);
        Binary(Opcode.Sub, Floats, (a, b) => a - b);
        Binary(Opcode.Mul, Floats, (a, b) => a * b);
        Binary(Opcode.Div, Floats, (a, b) => a / b);
        Binary(Opcode.Rem, Floats, (a, b) => a % b);
        Binary(Opcode.Min, Floats, (a, b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Min(a, b));
        Binary(Opcode.Max, Floats, (a, b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Max(a, b));
        Binary(Opcode.CopySign, Floats, MathF.CopySign);
        Unary(Opcode.Neg, Floats, a => -a);
        Unary(Opcode.Abs, Floats, MathF.Abs);
        Unary(Opcode.Sqrt, Floats, MathF.Sqrt);
        Unary(Opcode.Rcp, Floats, a => 1f / a);
        Unary(Opcode.Floor, Floats, MathF.Floor);
        Unary(Opcode.Ceiling, Floats, MathF.Ceiling);
        Unary(Opcode.Round, Floats, a => MathF.Round(a, MidpointRounding.ToEven));
        Unary(Opcode.Truncate, Floats, MathF.Truncate);
        Check(Floats, Floats, (b, x, y) => b.Op(Opcode.Fma, IrType.F32, x, y, x), (x, y) => MathF.FusedMultiplyAdd(x,
            y, x));
        Binary(Opcode.Add, Doubles, (a, b) => a + b);
        Binary(Opcode.Div, Doubles, (a, b) => a / b);
        Binary(Opcode.Rem, Doubles, (a, b) => a % b);
        Binary(Opcode.Min, Doubles, (a, b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Min(a, b));
        Binary(Opcode.Max, Doubles, (a, b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Max(a, b));
        Unary(Opcode.Sqrt, Doubles, Math.Sqrt);
        Unary(Opcode.Round, Doubles, a => Math.Round(a, MidpointRounding.ToEven));
        Check(Doubles, Doubles, (b, x, y) => b.Op(Opcode.Fma, IrType.F64, x, y, y), (x, y) => Math.FusedMultiplyAdd(x,
            y, y));
    }

    [Fact]
    public void Comparisons()
    {
        (Predicate Predicate, Func<double, double, bool> Holds)[] relations =
        [
            (Predicate.Equal, (a, b) => a == b), (Predicate.NotEqual, (a, b) => a != b), (Predicate.Less, (a, b) =>
                a < b),
            (Predicate.LessOrEqual, (a, b) => a <= b), (Predicate.Greater, (a, b) => a > b),
            (Predicate.GreaterOrEqual, (a, b) => a >= b),
        ];
        foreach ((Predicate predicate, Func<double, double, bool> holds) in relations)
        {
            foreach (bool second in (bool[])[false, true])
            {
                bool Float(double a, double b) => double.IsNaN(a) || double.IsNaN(b)
                    ? second && predicate != Predicate.Equal || predicate == Predicate.NotEqual : holds(a, b);
                bool Int(int a, int b) => second ? holds((uint)a, (uint)b) : holds(a, b);
                Both(Floats, (b, x, y) => b.Compare(predicate, x, y, unordered: second), (x, y) => Float(x, y));
                Both(Doubles, (b, x, y) => b.Compare(predicate, x, y, unordered: second), Float);
                Both(Ints, (b, x, y) => b.Compare(predicate, x, y, unsigned: second), Int);
                Both(Longs, (b, x, y) => b.Compare(predicate, x, y, unsigned: second), (x, y) => predicate switch
                {
                    Predicate.Equal => x == y,
                    Predicate.NotEqual => x != y,
                    _ => Order(predicate, second ? ((ulong)x).CompareTo((ulong)y) : x.CompareTo(y)),
                });
            }
        }

        static bool Order(Predicate predicate, int sign) => predicate switch
        {
            Predicate.Less => sign < 0,
            Predicate.LessOrEqual => sign <= 0,
            Predicate.Greater => sign > 0,
            _ => sign >= 0,
        };

        // As a value, as a branch taken either way, and as a select.
        static void Both<T>(T[] values, Func<IrBuilder, Value, Value, Value> compare, Func<T, T, bool> expected)
            where T : unmanaged
        {
            Check<T, int>(values, (b, x, y) => b.Op(Opcode.ZeroExtend, IrType.I32, compare(b, x, y)), (x, y) =>
                expected(x, y) ? 1 : 0);
            Check<T, int>(values, (b, x, y) => b.Op(Opcode.Select, IrType.I32, compare(b, x, y), Constant.Int(5),
                Constant.Int(9)),
                (x, y) => expected(x, y) ? 5 : 9);
            Check<T, int>(values, (b, x, y) =>
            {
                Value not = b.Op(Opcode.Not, IrType.Bool, compare(b, x, y));
                BasicBlock from = b.Block, middle = b.Function.AddBlock(), end = b.Function.AddBlock();
                b.Branch(not, middle, end);
                b.Block = middle;
                b.Jump(end);
                Instruction phi = b.Phi(IrType.I32);
                (phi.Operands, phi.Incoming) = ([Constant.Int(9), Constant.Int(5)], [middle, from]);
                end.Instructions.Add(phi);
                b.Block = end;
                return phi;
            }, (x, y) => expected(x, y) ? 5 : 9);
        }
    }

    [Fact]
    public void Conversions()
    {
        Convert<int, long>(Opcode.SignExtend, Ints, a => a);
        Convert<int, long>(Opcode.ZeroExtend, Ints, a => (uint)a);
        Convert<long, int>(Opcode.Truncate64, Longs, a => (int)a);
        Convert<float, int>(Opcode.FloatToInt, Floats, a => float.IsNaN(a) ? 0 : a >= 2147483648f ? int.MaxValue
            : a <= -2147483648f ? int.MinValue : (int)a);
        Convert<float, int>(Opcode.FloatToUInt, Floats, a => !(a > 0) ? 0 : a >= 4294967296f ? -1 : (int)(uint)a);
        Convert<float, long>(Opcode.FloatToInt, Floats, a => float.IsNaN(a) ? 0 : a >= 9.223372e18f ? long.MaxValue
            : a <= -9.223372e18f ? long.MinValue : (long)a);
        Convert<float, long>(Opcode.FloatToUInt, Floats, a => !(a > 0) ? 0 : a >= 1.8446744e19f ? -1 : (long)(ulong)a);
        Convert<double, int>(Opcode.FloatToInt, Doubles, a => double.IsNaN(a) ? 0 : a >= 2147483647d ? int.MaxValue
            : a <= -2147483648d ? int.MinValue : (int)a);
        Convert<double, int>(Opcode.FloatToUInt, Doubles, a => !(a > 0) ? 0 : a >= 4294967295d ? -1 : (int)(uint)a);
        Convert<double, long>(Opcode.FloatToInt, Doubles, a => double.IsNaN(a) ? 0 : a >= 9.3e18 ? long.MaxValue
            : a <= -9.3e18 ? long.MinValue : (long)a);
        Convert<double, long>(Opcode.FloatToUInt, Doubles, a => !(a > 0) ? 0 : a >= 1.9e19 ? -1 : (long)(ulong)a);
        Convert<int, float>(Opcode.IntToFloat, Ints, a => (float)(double)a);
        Convert<int, float>(Opcode.UIntToFloat, Ints, a => (float)(double)(uint)a);
        Convert<int, double>(Opcode.IntToFloat, Ints, a => a);
        Convert<int, double>(Opcode.UIntToFloat, Ints, a => (uint)a);
        Convert<long, float>(Opcode.IntToFloat, Longs, a => (float)Nearest(a, 24));
        Convert<long, float>(Opcode.UIntToFloat, Longs, a => (float)Nearest((ulong)a, 24));
        Convert<long, double>(Opcode.IntToFloat, Longs, a => Nearest(a, 53));
        Convert<long, double>(Opcode.UIntToFloat, Longs, a => Nearest((ulong)a, 53));
        Convert<float, double>(Opcode.FloatConvert, Floats, a => a);
        Convert<double, float>(Opcode.FloatConvert, Doubles, a => (float)a);
        Convert<float, int>(Opcode.Bitcast, Floats, BitConverter.SingleToInt32Bits);
        Convert<int, float>(Opcode.Bitcast, Ints, BitConverter.Int32BitsToSingle);
        Convert<long, double>(Opcode.Bitcast, Longs, BitConverter.Int64BitsToDouble);
        Convert<double, long>(Opcode.Bitcast, Doubles, BitConverter.DoubleToInt64Bits);
        Convert<float, int>(Opcode.FloatToHalf, [.. Floats, 65504f, 65519f, 65520f, 6e-8f, 2.9e-8f, 1.0004883f],
            a => BitConverter.HalfToUInt16Bits((Half)a));
        Convert<int, float>(Opcode.HalfToFloat, [.. Enumerable.Range(0, 65536)],
            a => (float)BitConverter.UInt16BitsToHalf((ushort)a));

        // Rounds an integer to a number of bits, ties to even, in integers alone.
        static double Nearest(Int128 value, int bits)
        {
            Int128 size = Int128.Abs(value);
            int drop = 0;
            while (size >> drop >= Int128.One << bits)
                drop++;
            Int128 kept = size >> drop, rest = size - (kept << drop), half = drop == 0 ? 1 : Int128.One << (drop - 1);
            if (drop > 0 && (rest > half || rest == half && Int128.IsOddInteger(kept)))
                kept++;
            double result = Math.ScaleB((double)(long)kept, drop);
            return value < 0 ? -result : result;
        }
    }

    /// <summary>Each within its ulps of the double-precision function; infinities, zeros and NaN exactly.</summary>
    [Fact]
    public void ApproximateFunctions()
    {
        float[] values = [.. Floats, .. Enumerable.Range(0, 4000).Select(k => (k - 2000) * 0.0801f),
            -126f, -126.5f, -149f, -149.4f, -150.1f, 127.99999f, 128f];
        Ulps(Opcode.Exp2, values, a => Math.Pow(2, a), 1.2);
        Ulps(Opcode.Log2, values, a => Math.Log2(a), 1);
        Ulps(Opcode.Rsqrt, values, a => 1 / Math.Sqrt(a), 1.5);
        Ulps(Opcode.Sin, [.. values.Where(a => Math.Abs(a) < 1e5)], a => Math.Sin(a), 1);
        Ulps(Opcode.Cos, [.. values.Where(a => Math.Abs(a) < 1e5)], a => Math.Cos(a), 1);

        static void Ulps(Opcode opcode, float[] values, Func<float, double> expected, double limit)
        {
            float[] results = Run<float, float>(values, values, (b, x, _) => b.Op(opcode, IrType.F32, x));
            for (int k = 0; k < values.Length; k++)
            {
                double exact = expected(values[k]);
                float rounded = (float)exact;
                if (!float.IsFinite(rounded))
                {
                    Assert.Equal(rounded, results[k]);
                    continue;
                }
                double ulp = Math.Max(Math.ScaleB(1, Math.ILogB(exact == 0 ? 1e-45 : exact) - 23),
                    1.401298464324817e-45);
                double error = Math.Abs(results[k] - exact) / ulp;
                Assert.True(error <= limit,
                    $"{opcode}({values[k]:R}) = {results[k]:R}, exact {exact:R}: {error:f2} ulp");
            }
        }
    }

    [Fact]
    public void BoolOperations()
    {
        foreach ((Opcode opcode, Func<bool, bool, bool> expected) in ((Opcode, Func<bool, bool, bool>)[])
            [(Opcode.And, (a, b) => a & b), (Opcode.Or, (a, b) => a | b), (Opcode.Xor, (a, b) => a ^ b)])
        {
            Check<int, long>(Ints, (b, x, y) => b.Op(Opcode.ZeroExtend, IrType.I64, b.Op(opcode, IrType.Bool,
                b.Compare(Predicate.Less, x, Constant.Int(3)), b.Compare(Predicate.Greater, y, x))),
                (x, y) => expected(x < 3, y > x) ? 1 : 0);
        }
    }

    static void Unary<T>(Opcode opcode, T[] values, Func<T, T> expected)
        where T : unmanaged => Convert(opcode, values, expected);

    static void Convert<T, TResult>(Opcode opcode, T[] values, Func<T, TResult> expected)
        where T : unmanaged
        where TResult : unmanaged
    {
        TResult[] results = Run<T, TResult>(values, values, (b, x, _) => b.Op(opcode, TypeOf<TResult>(), x));
        for (int k = 0; k < values.Length; k++)
            Assert.True(Same(expected(values[k]), results[k]),
                $"{opcode}({values[k]}) = {results[k]}, not {expected(values[k])}");
    }

    /// <summary>All pairs: both loaded, then with b as a constant, then with both as arguments of the launch.</summary>
    static void Binary<T>(Opcode opcode, T[] values, Func<T, T, T> expected)
        where T : unmanaged
    {
        Check(values, values, (b, x, y) => b.Op(opcode, TypeOf<T>(), x, y), expected, opcode.ToString());
        foreach (T second in values)
        {
            Constant constant = new(TypeOf<T>(), Bits(second));
            Check(values, values, (b, x, _) => b.Op(opcode, TypeOf<T>(), x, constant), (a, _) => expected(a, second),
                $"{opcode} {second}");
        }
        foreach (T first in values)
        {
            IrBuilder b = new();
            Value y = b.Pointer(), p = b.Parameter(Memory<T>()), q = b.Parameter(Memory<T>());
            b.StoreAt(y, b.X, Memory<T>(), b.Op(opcode, TypeOf<T>(), p, q));
            using CpuKernel kernel = b.Compile();
            using NativeArray<T> result = new(2);
            kernel.Launch(new LaunchDimensions(1, 2), [result.Slot, Bits(first), Bits(values[3])], 0);
            Assert.True(Same(expected(first, values[3]), result.Span[1]),
                $"{opcode}({first}, {values[3]}) = {result.Span[1]}");
        }
    }

    static void Check<T, TResult>(
        T[] values, Func<IrBuilder, Value, Value, Value> make, Func<T, T, TResult> expected)
        where T : unmanaged
        where TResult : unmanaged => Check(values, values, make, expected);

    static void Check<T, TResult>(
        T[] first, T[] second, Func<IrBuilder, Value, Value, Value> make, Func<T, T, TResult> expected, string what =
            "")
        where T : unmanaged
        where TResult : unmanaged
    {
        T[] a = [.. first.SelectMany(x => second.Select(_ => x))], b = [.. first.SelectMany(_ => second)];
        TResult[] results = Run<T, TResult>(a, b, make);
        for (int k = 0; k < a.Length; k++)
            Assert.True(Same(expected(a[k], b[k]), results[k]),
                $"{what}({a[k]}, {b[k]}) = {results[k]}, expected {expected(a[k], b[k])}");
    }

    static TResult[] Run<T, TResult>(T[] first, T[] second, Func<IrBuilder, Value, Value, Value> make)
        where T : unmanaged
        where TResult : unmanaged
    {
        IrBuilder b = new();
        Value x = b.Pointer(), y = b.Pointer(), z = b.Pointer();
        Value index = b.Special(SpecialRegister.GridIdxX);
        b.StoreAt(z, index, Memory<TResult>(), make(b, b.LoadAt(x, index, Memory<T>()), b.LoadAt(y, index,
            Memory<T>())));
        using CpuKernel kernel = b.Compile();
        using NativeArray<T> left = new(first.Length), right = new(first.Length);
        using NativeArray<TResult> result = new(first.Length);
        first.CopyTo(left.Span);
        second.CopyTo(right.Span);
        kernel.Launch(new LaunchDimensions(first.Length, 1), [left.Slot, right.Slot, result.Slot], 0);
        return result.Span.ToArray();
    }

    static bool Same<T>(T expected, T actual)
        where T : unmanaged => (expected, actual) switch
        {
            (float a, float b) => float.IsNaN(a) ? float.IsNaN(b) : Bits(a) == Bits(b),
            (double a, double b) => double.IsNaN(a) ? double.IsNaN(b) : Bits(a) == Bits(b),
            _ => expected.Equals(actual),
        };

    static ulong Bits<T>(T value)
        where T : unmanaged => sizeof(T) == 4 ? *(uint*)&value : *(ulong*)&value;

    static MemoryType Memory<T>() => typeof(T) == typeof(int) ? MemoryType.I32 : typeof(T) == typeof(long)
        ? MemoryType.I64
        : typeof(T) == typeof(float) ? MemoryType.F32 : MemoryType.F64;

    static IrType TypeOf<T>() => Memory<T>().ValueType();
}
