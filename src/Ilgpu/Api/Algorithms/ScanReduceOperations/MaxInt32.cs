namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The largest of <c>int</c> values, as a reduction.</summary>
public readonly struct MaxInt32 : IScanReduceOperation<int>
{
    public string CLCommand => "max";

    public int Identity => int.MinValue;

    public int Apply(int first, int second) => XMath.Max(first, second);

    public void AtomicApply(ref int target, int value) => Atomic.Max(ref target, value);
}
