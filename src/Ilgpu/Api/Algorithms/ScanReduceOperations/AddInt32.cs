namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The sum of <c>int</c> values, as a reduction.</summary>
public readonly struct AddInt32 : IScanReduceOperation<int>
{
    public string CLCommand => "add";

    public int Identity => 0;

    public int Apply(int first, int second) => first + second;

    public void AtomicApply(ref int target, int value) => Atomic.Add(ref target, value);
}
