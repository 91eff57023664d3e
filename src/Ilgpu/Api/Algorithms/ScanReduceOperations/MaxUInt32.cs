namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The largest of <c>uint</c> values, as a reduction.</summary>
public readonly struct MaxUInt32 : IScanReduceOperation<uint>
{
    public string CLCommand => "max";

    public uint Identity => uint.MinValue;

    public uint Apply(uint first, uint second) => XMath.Max(first, second);

    public void AtomicApply(ref uint target, uint value) => Atomic.Max(ref target, value);
}
