namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The smallest of <c>double</c> values, as a reduction.</summary>
public readonly struct MinDouble : IScanReduceOperation<double>
{
    public string CLCommand => "min";

    public double Identity => double.PositiveInfinity;

    public double Apply(double first, double second) => XMath.Min(first, second);

    public void AtomicApply(ref double target, double value) => Atomic.Min(ref target, value);
}
