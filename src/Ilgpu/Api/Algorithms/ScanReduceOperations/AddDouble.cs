namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>The sum of <c>double</c> values, as a reduction.</summary>
public readonly struct AddDouble : IScanReduceOperation<double>
{
    public string CLCommand => "add";

    public double Identity => 0d;

    public double Apply(double first, double second) => first + second;

    public void AtomicApply(ref double target, double value) => Atomic.Add(ref target, value);
}
