namespace ILGPU;

/// <summary>Read-modify-write operations that no other thread can split. Each returns the value found.</summary>
public static class Atomic
{
    /// <summary>target += value.</summary>
    public static int Add(ref int target, int value) =>
        Interlocked.Add(ref target, value) - value;

    /// <summary>target += value.</summary>
    public static uint Add(ref uint target, uint value) =>
        Interlocked.Add(ref target, value) - value;

    /// <summary>target += value.</summary>
    public static long Add(ref long target, long value) =>
        Interlocked.Add(ref target, value) - value;

    /// <summary>target += value.</summary>
    public static ulong Add(ref ulong target, ulong value) =>
        Interlocked.Add(ref target, value) - value;

    /// <summary>target += value.</summary>
    public static float Add(ref float target, float value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => found + operand);

    /// <summary>target += value.</summary>
    public static double Add(ref double target, double value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => found + operand);

    /// <summary>target = the larger of target and value.</summary>
    public static int Max(ref int target, int value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Max(found, operand));

    /// <summary>target = the larger of target and value.</summary>
    public static uint Max(ref uint target, uint value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Max(found, operand));

    /// <summary>target = the larger of target and value.</summary>
    public static long Max(ref long target, long value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Max(found, operand));

    /// <summary>target = the larger of target and value.</summary>
    public static ulong Max(ref ulong target, ulong value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Max(found, operand));

    /// <summary>target = the larger of target and value.</summary>
    public static float Max(ref float target, float value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Max(found, operand));

    /// <summary>target = the larger of target and value.</summary>
    public static double Max(ref double target, double value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Max(found, operand));

    /// <summary>target = the smaller of target and value.</summary>
    public static int Min(ref int target, int value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Min(found, operand));

    /// <summary>target = the smaller of target and value.</summary>
    public static uint Min(ref uint target, uint value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Min(found, operand));

    /// <summary>target = the smaller of target and value.</summary>
    public static long Min(ref long target, long value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Min(found, operand));

    /// <summary>target = the smaller of target and value.</summary>
    public static ulong Min(ref ulong target, ulong value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Min(found, operand));

    /// <summary>target = the smaller of target and value.</summary>
    public static float Min(ref float target, float value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Min(found, operand));

    /// <summary>target = the smaller of target and value.</summary>
    public static double Min(ref double target, double value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => Math.Min(found, operand));

    /// <summary>target &amp;= value.</summary>
    public static int And(ref int target, int value) =>
        Interlocked.And(ref target, value);

    /// <summary>target &amp;= value.</summary>
    public static uint And(ref uint target, uint value) =>
        Interlocked.And(ref target, value);

    /// <summary>target &amp;= value.</summary>
    public static long And(ref long target, long value) =>
        Interlocked.And(ref target, value);

    /// <summary>target &amp;= value.</summary>
    public static ulong And(ref ulong target, ulong value) =>
        Interlocked.And(ref target, value);

    /// <summary>target |= value.</summary>
    public static int Or(ref int target, int value) =>
        Interlocked.Or(ref target, value);

    /// <summary>target |= value.</summary>
    public static uint Or(ref uint target, uint value) =>
        Interlocked.Or(ref target, value);

    /// <summary>target |= value.</summary>
    public static long Or(ref long target, long value) =>
        Interlocked.Or(ref target, value);

    /// <summary>target |= value.</summary>
    public static ulong Or(ref ulong target, ulong value) =>
        Interlocked.Or(ref target, value);

    /// <summary>target ^= value.</summary>
    public static int Xor(ref int target, int value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => found ^ operand);

    /// <summary>target ^= value.</summary>
    public static uint Xor(ref uint target, uint value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => found ^ operand);

    /// <summary>target ^= value.</summary>
    public static long Xor(ref long target, long value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => found ^ operand);

    /// <summary>target ^= value.</summary>
    public static ulong Xor(ref ulong target, ulong value) =>
        AtomicLoop.Apply(ref target, value, static (found, operand) => found ^ operand);

    /// <summary>target = value.</summary>
    public static int Exchange(ref int target, int value) =>
        Interlocked.Exchange(ref target, value);

    /// <summary>target = value.</summary>
    public static uint Exchange(ref uint target, uint value) =>
        Interlocked.Exchange(ref target, value);

    /// <summary>target = value.</summary>
    public static long Exchange(ref long target, long value) =>
        Interlocked.Exchange(ref target, value);

    /// <summary>target = value.</summary>
    public static ulong Exchange(ref ulong target, ulong value) =>
        Interlocked.Exchange(ref target, value);

    /// <summary>target = value.</summary>
    public static double Exchange(ref double target, double value) =>
        Interlocked.Exchange(ref target, value);

    /// <summary>target = value where target equals compare.</summary>
    public static int CompareExchange(ref int target, int compare, int value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    /// <summary>target = value where target equals compare.</summary>
    public static uint CompareExchange(ref uint target, uint compare, uint value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    /// <summary>target = value where target equals compare.</summary>
    public static long CompareExchange(ref long target, long compare, long value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    /// <summary>target = value where target equals compare.</summary>
    public static ulong CompareExchange(ref ulong target, ulong compare, ulong value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    /// <summary>target = value where target equals compare.</summary>
    public static float CompareExchange(ref float target, float compare, float value) =>
        Interlocked.CompareExchange(ref target, value, compare);

    /// <summary>target = value where target equals compare.</summary>
    public static double CompareExchange(ref double target, double compare, double value) =>
        Interlocked.CompareExchange(ref target, value, compare);
}
