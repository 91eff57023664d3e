namespace ILGPU.Algorithms.ScanReduceOperations;

/// <summary>An associative operation with an identity: what reductions and scans are made of.</summary>
public interface IScanReduceOperation<T>
    where T : struct
{
    /// <summary>Name of the operation in OpenCL's group functions; not read by this implementation.</summary>
    string CLCommand { get; }

    /// <summary>The value that changes nothing.</summary>
    T Identity { get; }

    /// <summary>Combines two values.</summary>
    T Apply(T first, T second);

    /// <summary>Combines a value into memory in one step that no other thread can split.</summary>
    void AtomicApply(ref T target, T value);
}
