namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The sum of <c>float</c> values, as a reduction.</summary>
public readonly struct AddFloat : IScanReduceOperation<float>
{
    public string CLCommand => "add";

    public float Identity => 0f;

    public float Apply(float first, float second) => first + second;

    public void AtomicApply(ref float target, float value) => Atomic.Add(ref target, value);
}
