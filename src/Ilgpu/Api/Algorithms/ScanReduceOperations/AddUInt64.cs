namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The sum of <c>ulong</c> values, as a reduction.</summary>
public readonly struct AddUInt64 : IScanReduceOperation<ulong>
{
    public string CLCommand => "add";

    public ulong Identity => 0ul;

    public ulong Apply(ulong first, ulong second) => first + second;

    public void AtomicApply(ref ulong target, ulong value) => Atomic.Add(ref target, value);
}
