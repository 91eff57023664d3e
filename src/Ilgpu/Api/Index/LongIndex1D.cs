namespace ILGPU;

/// <summary>A position or extent along one axis, in 64-bit elements.</summary>
public readonly struct LongIndex1D : IIntrinsicIndex, IGenericIndex<LongIndex1D>, IEquatable<LongIndex1D>
{
    /// <summary>All components are -1: no position.</summary>
    public static readonly LongIndex1D Invalid = new(-1);

    /// <summary>All components are 0.</summary>
    public static readonly LongIndex1D Zero = new(0);

    /// <summary>All components are 1.</summary>
    public static readonly LongIndex1D One = new(1);

    /// <summary>An index from its component.</summary>
    public LongIndex1D(long x)
    {
        X = x;
    }

    /// <summary>The first component.</summary>
    public long X { get; }

    /// <summary>Which index type this is.</summary>
    public IndexType IndexType => IndexType.LongIndex1D;

    /// <summary>Whether every component is 0.</summary>
    public bool IsFirst => X == 0;

    /// <summary>Number of elements of an extent: the product of the components.</summary>
    public long Size => X;

    /// <summary>The same index with 32-bit components; OverflowException when one does not fit.</summary>
    public Index1D ToIntIndex() => new(checked((int)X));

    /// <summary>Whether this position lies inside the extent.</summary>
    public bool InBounds(LongIndex1D dimension) =>
        X >= 0 && X < dimension.X;

    /// <summary>Whether this position lies inside the extent or on its end.</summary>
    public bool InBoundsInclusive(LongIndex1D dimension) =>
        X >= 0 && X <= dimension.X;

    /// <summary>Component-wise sum.</summary>
    public LongIndex1D Add(LongIndex1D rhs) => this + rhs;

    /// <summary>Component-wise difference.</summary>
    public LongIndex1D Subtract(LongIndex1D rhs) => this - rhs;

    /// <summary>Component-wise sum.</summary>
    public static LongIndex1D Add(LongIndex1D left, LongIndex1D right) => left + right;

    /// <summary>Component-wise difference.</summary>
    public static LongIndex1D Subtract(LongIndex1D left, LongIndex1D right) => left - right;

    /// <summary>Component-wise product.</summary>
    public static LongIndex1D Multiply(LongIndex1D left, LongIndex1D right) => left * right;

    /// <summary>Component-wise quotient.</summary>
    public static LongIndex1D Divide(LongIndex1D left, LongIndex1D right) => left / right;

    /// <summary>Component-wise minimum.</summary>
    public static LongIndex1D Min(LongIndex1D left, LongIndex1D right) =>
        new(Math.Min(left.X, right.X));

    /// <summary>Component-wise maximum.</summary>
    public static LongIndex1D Max(LongIndex1D left, LongIndex1D right) =>
        new(Math.Max(left.X, right.X));

    /// <summary>Component-wise value, kept between min and max.</summary>
    public static LongIndex1D Clamp(LongIndex1D value, LongIndex1D min, LongIndex1D max) => Max(min, Min(max, value));

    public static LongIndex1D operator +(LongIndex1D left, LongIndex1D right) =>
        new(left.X + right.X);

    public static LongIndex1D operator -(LongIndex1D left, LongIndex1D right) =>
        new(left.X - right.X);

    public static LongIndex1D operator *(LongIndex1D left, LongIndex1D right) =>
        new(left.X * right.X);

    public static LongIndex1D operator /(LongIndex1D left, LongIndex1D right) =>
        new(left.X / right.X);

    public static bool operator ==(LongIndex1D left, LongIndex1D right) => left.Equals(right);

    public static bool operator !=(LongIndex1D left, LongIndex1D right) => !left.Equals(right);

    public static implicit operator LongIndex1D(long value) => new(value);

    public static implicit operator long(LongIndex1D index) => index.X;

    public static explicit operator ulong(LongIndex1D index) => (ulong)index.X;

    public static explicit operator Index1D(LongIndex1D index) => index.ToIntIndex();

    public bool Equals(LongIndex1D other) => X == other.X;

    public override bool Equals(object? obj) => obj is LongIndex1D other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(X);

    public override string ToString() => X.ToString();
}
