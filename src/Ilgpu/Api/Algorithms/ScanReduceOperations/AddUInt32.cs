namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The sum of <c>uint</c> values, as a reduction.</summary>
public readonly struct AddUInt32 : IScanReduceOperation<uint>
{
    public string CLCommand => "add";

    public uint Identity => 0u;

    public uint Apply(uint first, uint second) => first + second;

    public void AtomicApply(ref uint target, uint value) => Atomic.Add(ref target, value);
}
