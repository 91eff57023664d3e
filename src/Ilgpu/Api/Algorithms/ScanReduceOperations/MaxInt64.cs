namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The largest of <c>long</c> values, as a reduction.</summary>
public readonly struct MaxInt64 : IScanReduceOperation<long>
{
    public string CLCommand => "max";

    public long Identity => long.MinValue;

    public long Apply(long first, long second) => XMath.Max(first, second);

    public void AtomicApply(ref long target, long value) => Atomic.Max(ref target, value);
}
