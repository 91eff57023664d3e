using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// Atomic operations by their <see cref="AtomicOp"/>'s name; each gives the old value. The "InGroup" forms are for shared and
/// local memory, which one worker alone touches.
/// </summary>
static unsafe class Atomics
{
    public static int Add(int* p, int value) => Interlocked.Add(ref *p, value) - value;

    public static long Add(long* p, long value) => Interlocked.Add(ref *p, value) - value;

    public static float Add(float* p, float value)
    {
        int seen = Volatile.Read(ref *(int*)p);
        while (true)
        {
            float old = BitConverter.Int32BitsToSingle(seen);
            int found = Interlocked.CompareExchange(ref *(int*)p, BitConverter.SingleToInt32Bits(old + value), seen);
            if (found == seen)
                return old;
            seen = found;
        }
    }

    public static double Add(double* p, double value)
    {
        long seen = Volatile.Read(ref *(long*)p);
        while (true)
        {
            double old = BitConverter.Int64BitsToDouble(seen);
            long found = Interlocked.CompareExchange(ref *(long*)p, BitConverter.DoubleToInt64Bits(old + value), seen);
            if (found == seen)
                return old;
            seen = found;
        }
    }

    public static int MinS(int* p, int value) => Update(p, value, &DeviceMath.MinS);

    public static long MinS(long* p, long value) => Update(p, value, &DeviceMath.MinS);

    public static int MinU(int* p, int value) => Update(p, value, &DeviceMath.MinU);

    public static long MinU(long* p, long value) => Update(p, value, &DeviceMath.MinU);

    public static int MaxS(int* p, int value) => Update(p, value, &DeviceMath.MaxS);

    public static long MaxS(long* p, long value) => Update(p, value, &DeviceMath.MaxS);

    public static int MaxU(int* p, int value) => Update(p, value, &DeviceMath.MaxU);

    public static long MaxU(long* p, long value) => Update(p, value, &DeviceMath.MaxU);

    public static float MinS(float* p, float value) => Update(p, value, &float.MinNumber);

    public static float MaxS(float* p, float value) => Update(p, value, &float.MaxNumber);

    public static double MinS(double* p, double value) => Update(p, value, &double.MinNumber);

    public static double MaxS(double* p, double value) => Update(p, value, &double.MaxNumber);

    public static int And(int* p, int value) => Interlocked.And(ref *p, value);

    public static long And(long* p, long value) => Interlocked.And(ref *p, value);

    public static int Or(int* p, int value) => Interlocked.Or(ref *p, value);

    public static long Or(long* p, long value) => Interlocked.Or(ref *p, value);

    public static int Xor(int* p, int value) => Update(p, value, &ExclusiveOr);

    public static long Xor(long* p, long value) => Update(p, value, &ExclusiveOr);

    public static int Exchange(int* p, int value) => Interlocked.Exchange(ref *p, value);

    public static long Exchange(long* p, long value) => Interlocked.Exchange(ref *p, value);

    public static float Exchange(float* p, float value) => Interlocked.Exchange(ref *p, value);

    public static double Exchange(double* p, double value) => Interlocked.Exchange(ref *p, value);

    public static int CompareExchange(int* p, int compare, int value) =>
        Interlocked.CompareExchange(ref *p, value, compare);

    public static long CompareExchange(long* p, long compare, long value) =>
        Interlocked.CompareExchange(ref *p, value, compare);

    /// <summary>Compares bits, as PTX does: NaN equals itself and -0 differs from 0.</summary>
    public static float CompareExchange(float* p, float compare, float value) => BitConverter.Int32BitsToSingle(
        Interlocked.CompareExchange(
            ref *(int*)p, BitConverter.SingleToInt32Bits(value), BitConverter.SingleToInt32Bits(compare)));

    /// <summary>Compares bits, as PTX does: NaN equals itself and -0 differs from 0.</summary>
    public static double CompareExchange(double* p, double compare, double value) => BitConverter.Int64BitsToDouble(
        Interlocked.CompareExchange(
            ref *(long*)p, BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(compare)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AddInGroup(int* p, int value)
    {
        int old = *p;
        *p = old + value;
        return old;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float AddInGroup(float* p, float value)
    {
        float old = *p;
        *p = old + value;
        return old;
    }

    static int ExclusiveOr(int a, int b) => a ^ b;

    static long ExclusiveOr(long a, long b) => a ^ b;

    static float Update(float* p, float value, delegate*<float, float, float> operation)
    {
        int seen = Volatile.Read(ref *(int*)p);
        while (true)
        {
            float old = BitConverter.Int32BitsToSingle(seen);
            int found = Interlocked.CompareExchange(ref *(int*)p, BitConverter.SingleToInt32Bits(operation(old, value)), seen);
            if (found == seen)
                return old;
            seen = found;
        }
    }

    static double Update(double* p, double value, delegate*<double, double, double> operation)
    {
        long seen = Volatile.Read(ref *(long*)p);
        while (true)
        {
            double old = BitConverter.Int64BitsToDouble(seen);
            long found = Interlocked.CompareExchange(ref *(long*)p, BitConverter.DoubleToInt64Bits(operation(old, value)), seen);
            if (found == seen)
                return old;
            seen = found;
        }
    }

    static int Update(int* p, int value, delegate*<int, int, int> operation)
    {
        int seen = Volatile.Read(ref *p);
        while (true)
        {
            int found = Interlocked.CompareExchange(ref *p, operation(seen, value), seen);
            if (found == seen)
                return seen;
            seen = found;
        }
    }

    static long Update(long* p, long value, delegate*<long, long, long> operation)
    {
        long seen = Volatile.Read(ref *p);
        while (true)
        {
            long found = Interlocked.CompareExchange(ref *p, operation(seen, value), seen);
            if (found == seen)
                return seen;
            seen = found;
        }
    }
}
