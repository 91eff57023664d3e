namespace ILGPU.Runtime;

/// <summary>
/// What a kernel may assume about its launches, so that the compiler can spend registers accordingly.
/// </summary>
public readonly struct KernelSpecialization : IEquatable<KernelSpecialization>
{
    /// <summary>No assumption.</summary>
    public static readonly KernelSpecialization Empty;

    /// <param name="maxNumThreadsPerGroup">No launch has more threads in a group.</param>
    /// <param name="minNumGroupsPerMultiprocessor">Groups that should fit a multiprocessor at once.</param>
    public KernelSpecialization(int? maxNumThreadsPerGroup, int? minNumGroupsPerMultiprocessor)
    {
        if (maxNumThreadsPerGroup is < 1 or > 1024)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxNumThreadsPerGroup), maxNumThreadsPerGroup, "A group has 1 to 1024 threads.");
        }

        if (minNumGroupsPerMultiprocessor < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(minNumGroupsPerMultiprocessor), minNumGroupsPerMultiprocessor, "At least one group must fit.");
        }

        MaxNumThreadsPerGroup = maxNumThreadsPerGroup;
        MinNumGroupsPerMultiprocessor = minNumGroupsPerMultiprocessor;
    }

    /// <summary>No launch has more threads in a group.</summary>
    public int? MaxNumThreadsPerGroup { get; }

    /// <summary>Groups that should fit a multiprocessor at once.</summary>
    public int? MinNumGroupsPerMultiprocessor { get; }

    public static bool operator ==(KernelSpecialization first, KernelSpecialization second) => first.Equals(second);

    public static bool operator !=(KernelSpecialization first, KernelSpecialization second) => !first.Equals(second);

    public bool Equals(KernelSpecialization other) =>
        MaxNumThreadsPerGroup == other.MaxNumThreadsPerGroup
        && MinNumGroupsPerMultiprocessor == other.MinNumGroupsPerMultiprocessor;

    public override bool Equals(object? obj) => obj is KernelSpecialization other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(MaxNumThreadsPerGroup, MinNumGroupsPerMultiprocessor);

    public override string ToString() =>
        $"{MaxNumThreadsPerGroup?.ToString() ?? "any"} threads, "
        + $"{MinNumGroupsPerMultiprocessor?.ToString() ?? "any"} groups";
}
