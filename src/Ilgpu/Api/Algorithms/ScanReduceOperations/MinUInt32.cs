namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The smallest of <c>uint</c> values, as a reduction.</summary>
public readonly struct MinUInt32 : IScanReduceOperation<uint>
{
    public string CLCommand => "min";

    public uint Identity => uint.MaxValue;

    public uint Apply(uint first, uint second) => XMath.Min(first, second);

    public void AtomicApply(ref uint target, uint value) => Atomic.Min(ref target, value);
}
