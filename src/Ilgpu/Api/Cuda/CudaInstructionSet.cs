namespace ILGPU.Runtime.Cuda;

/// <summary>A version of PTX.</summary>
public readonly struct CudaInstructionSet(int major, int minor)
    : IEquatable<CudaInstructionSet>, IComparable<CudaInstructionSet>
{
    /// <summary>PTX 8.0.</summary>
    public static readonly CudaInstructionSet ISA_80 = new(8, 0);

    /// <summary>PTX 8.1.</summary>
    public static readonly CudaInstructionSet ISA_81 = new(8, 1);

    /// <summary>PTX 8.2.</summary>
    public static readonly CudaInstructionSet ISA_82 = new(8, 2);

    /// <summary>PTX 8.3.</summary>
    public static readonly CudaInstructionSet ISA_83 = new(8, 3);

    /// <summary>PTX 8.4.</summary>
    public static readonly CudaInstructionSet ISA_84 = new(8, 4);

    /// <summary>PTX 8.5.</summary>
    public static readonly CudaInstructionSet ISA_85 = new(8, 5);

    /// <summary>PTX 8.6.</summary>
    public static readonly CudaInstructionSet ISA_86 = new(8, 6);

    /// <summary>PTX 8.7.</summary>
    public static readonly CudaInstructionSet ISA_87 = new(8, 7);

    /// <summary>PTX 8.8.</summary>
    public static readonly CudaInstructionSet ISA_88 = new(8, 8);

    /// <summary>Before the point.</summary>
    public int Major { get; } = major;

    /// <summary>After the point.</summary>
    public int Minor { get; } = minor;

    public static bool operator ==(CudaInstructionSet first, CudaInstructionSet second) => first.Equals(second);

    public static bool operator !=(CudaInstructionSet first, CudaInstructionSet second) => !first.Equals(second);

    public static bool operator <(CudaInstructionSet first, CudaInstructionSet second) => first.CompareTo(second) < 0;

    public static bool operator <=(CudaInstructionSet first, CudaInstructionSet second) => first.CompareTo(second) <= 0;

    public static bool operator >(CudaInstructionSet first, CudaInstructionSet second) => first.CompareTo(second) > 0;

    public static bool operator >=(CudaInstructionSet first, CudaInstructionSet second) => first.CompareTo(second) >= 0;

    public bool Equals(CudaInstructionSet other) => CompareTo(other) == 0;

    public int CompareTo(CudaInstructionSet other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override bool Equals(object? obj) => obj is CudaInstructionSet other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Major, Minor);

    public override string ToString() => $"{Major}.{Minor}";
}
