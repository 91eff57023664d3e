namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The smallest of <c>int</c> values, as a reduction.</summary>
public readonly struct MinInt32 : IScanReduceOperation<int>
{
    public string CLCommand => "min";

    public int Identity => int.MaxValue;

    public int Apply(int first, int second) => XMath.Min(first, second);

    public void AtomicApply(ref int target, int value) => Atomic.Min(ref target, value);
}
