namespace ILGPU.Runtime.Cuda;

/// <summary>The CUDA version that a driver supports.</summary>
public readonly struct CudaDriverVersion : IEquatable<CudaDriverVersion>, IComparable<CudaDriverVersion>
{
    CudaDriverVersion(int value) => Value = value;

    /// <summary>1000 · major + 10 · minor.</summary>
    public int Value { get; }

    /// <summary>Before the point.</summary>
    public int Major => Value / 1000;

    /// <summary>After the point.</summary>
    public int Minor => Value % 1000 / 10;

    /// <summary>From the driver's number.</summary>
    public static CudaDriverVersion FromValue(int driverVersion) => new(driverVersion);

    /// <summary>From the two parts.</summary>
    public static CudaDriverVersion FromMajorMinor(int major, int minor) => new(major * 1000 + minor * 10);

    public static implicit operator int(CudaDriverVersion version) => version.Value;

    public static bool operator ==(CudaDriverVersion first, CudaDriverVersion second) => first.Equals(second);

    public static bool operator !=(CudaDriverVersion first, CudaDriverVersion second) => !first.Equals(second);

    public static bool operator <(CudaDriverVersion first, CudaDriverVersion second) => first.Value < second.Value;

    public static bool operator <=(CudaDriverVersion first, CudaDriverVersion second) => first.Value <= second.Value;

    public static bool operator >(CudaDriverVersion first, CudaDriverVersion second) => first.Value > second.Value;

    public static bool operator >=(CudaDriverVersion first, CudaDriverVersion second) => first.Value >= second.Value;

    public bool Equals(CudaDriverVersion other) => Value == other.Value;

    public int CompareTo(CudaDriverVersion other) => Value.CompareTo(other.Value);

    public override bool Equals(object? obj) => obj is CudaDriverVersion other && Equals(other);

    public override int GetHashCode() => Value;

    public override string ToString() => $"{Major}.{Minor}";
}
