namespace ILGPU.Runtime.Cuda;

/// <summary>Compute capability of a device.</summary>
public readonly struct CudaArchitecture(int major, int minor)
    : IEquatable<CudaArchitecture>, IComparable<CudaArchitecture>
{
    /// <summary>8.0.</summary>
    public static readonly CudaArchitecture SM_80 = new(8, 0);

    /// <summary>8.6.</summary>
    public static readonly CudaArchitecture SM_86 = new(8, 6);

    /// <summary>8.7.</summary>
    public static readonly CudaArchitecture SM_87 = new(8, 7);

    /// <summary>8.9.</summary>
    public static readonly CudaArchitecture SM_89 = new(8, 9);

    /// <summary>9.0.</summary>
    public static readonly CudaArchitecture SM_90 = new(9, 0);

    /// <summary>10.0.</summary>
    public static readonly CudaArchitecture SM_100 = new(10, 0);

    /// <summary>10.1.</summary>
    public static readonly CudaArchitecture SM_101 = new(10, 1);

    /// <summary>10.3.</summary>
    public static readonly CudaArchitecture SM_103 = new(10, 3);

    /// <summary>12.0.</summary>
    public static readonly CudaArchitecture SM_120 = new(12, 0);

    /// <summary>12.1.</summary>
    public static readonly CudaArchitecture SM_121 = new(12, 1);

    /// <summary>Before the point.</summary>
    public int Major { get; } = major;

    /// <summary>After the point.</summary>
    public int Minor { get; } = minor;

    public static bool operator ==(CudaArchitecture first, CudaArchitecture second) => first.Equals(second);

    public static bool operator !=(CudaArchitecture first, CudaArchitecture second) => !first.Equals(second);

    public static bool operator <(CudaArchitecture first, CudaArchitecture second) => first.CompareTo(second) < 0;

    public static bool operator <=(CudaArchitecture first, CudaArchitecture second) => first.CompareTo(second) <= 0;

    public static bool operator >(CudaArchitecture first, CudaArchitecture second) => first.CompareTo(second) > 0;

    public static bool operator >=(CudaArchitecture first, CudaArchitecture second) => first.CompareTo(second) >= 0;

    public bool Equals(CudaArchitecture other) => CompareTo(other) == 0;

    public int CompareTo(CudaArchitecture other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override bool Equals(object? obj) => obj is CudaArchitecture other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Major, Minor);

    public override string ToString() => $"SM_{Major}{Minor}";
}
