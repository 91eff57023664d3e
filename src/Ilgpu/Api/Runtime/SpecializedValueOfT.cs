namespace ILGPU.Runtime;

/// <summary>A kernel parameter that is compiled in as a constant: one compilation for each value.</summary>
public struct SpecializedValue<T> : IEquatable<SpecializedValue<T>>
    where T : unmanaged, IEquatable<T>
{
    /// <summary>Wraps a value.</summary>
    public SpecializedValue(T value) => Value = value;

    /// <summary>The value.</summary>
    public T Value { get; set; }

    public static implicit operator T(SpecializedValue<T> specialized) => specialized.Value;

    public static bool operator ==(SpecializedValue<T> left, SpecializedValue<T> right) => left.Equals(right);

    public static bool operator !=(SpecializedValue<T> left, SpecializedValue<T> right) => !left.Equals(right);

    public readonly bool Equals(SpecializedValue<T> other) => Value.Equals(other.Value);

    public override readonly bool Equals(object? obj) => obj is SpecializedValue<T> other && Equals(other);

    public override readonly int GetHashCode() => Value.GetHashCode();

    public override readonly string ToString() => Value.ToString() ?? string.Empty;
}
