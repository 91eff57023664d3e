namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The sum of <c>long</c> values, as a reduction.</summary>
public readonly struct AddInt64 : IScanReduceOperation<long>
{
    public string CLCommand => "add";

    public long Identity => 0L;

    public long Apply(long first, long second) => first + second;

    public void AtomicApply(ref long target, long value) => Atomic.Add(ref target, value);
}
