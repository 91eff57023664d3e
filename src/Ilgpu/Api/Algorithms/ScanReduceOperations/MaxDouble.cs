namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The largest of <c>double</c> values, as a reduction.</summary>
public readonly struct MaxDouble : IScanReduceOperation<double>
{
    public string CLCommand => "max";

    public double Identity => double.NegativeInfinity;

    public double Apply(double first, double second) => XMath.Max(first, second);

    public void AtomicApply(ref double target, double value) => Atomic.Max(ref target, value);
}
