namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The smallest of <c>ulong</c> values, as a reduction.</summary>
public readonly struct MinUInt64 : IScanReduceOperation<ulong>
{
    public string CLCommand => "min";

    public ulong Identity => ulong.MaxValue;

    public ulong Apply(ulong first, ulong second) => XMath.Min(first, second);

    public void AtomicApply(ref ulong target, ulong value) => Atomic.Min(ref target, value);
}
