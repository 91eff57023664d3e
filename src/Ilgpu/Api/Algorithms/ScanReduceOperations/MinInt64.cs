namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The smallest of <c>long</c> values, as a reduction.</summary>
public readonly struct MinInt64 : IScanReduceOperation<long>
{
    public string CLCommand => "min";

    public long Identity => long.MaxValue;

    public long Apply(long first, long second) => XMath.Min(first, second);

    public void AtomicApply(ref long target, long value) => Atomic.Min(ref target, value);
}
