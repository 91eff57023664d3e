namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The largest of <c>float</c> values, as a reduction.</summary>
public readonly struct MaxFloat : IScanReduceOperation<float>
{
    public string CLCommand => "max";

    public float Identity => float.NegativeInfinity;

    public float Apply(float first, float second) => XMath.Max(first, second);

    public void AtomicApply(ref float target, float value) => Atomic.Max(ref target, value);
}
