namespace ILGPU;

/// <summary>A position or extent along one axis, in 32-bit elements.</summary>
public readonly struct Index1D : IIntrinsicIndex, IIntIndex, IGenericIndex<Index1D>, IEquatable<Index1D>
{
    /// <summary>All components are -1: no position.</summary>
    public static readonly Index1D Invalid = new(-1);

    /// <summary>All components are 0.</summary>
    public static readonly Index1D Zero = new(0);

    /// <summary>All components are 1.</summary>
    public static readonly Index1D One = new(1);

    /// <summary>An index from its component.</summary>
    public Index1D(int x)
    {
        X = x;
    }

    /// <summary>The first component.</summary>
    public int X { get; }

    /// <summary>Which index type this is.</summary>
    public IndexType IndexType => IndexType.Index1D;

    /// <summary>Whether every component is 0.</summary>
    public bool IsFirst => X == 0;

    /// <summary>Number of elements of an extent: the product of the components.</summary>
    public int Size => X;

    /// <summary>The same product in 64 bits.</summary>
    public long LongSize => (long)X;

    long IIndex.Size => LongSize;

    /// <summary>The same index with 64-bit components.</summary>
    public LongIndex1D ToLongIndex() => new(X);

    /// <summary>Whether this position lies inside the extent.</summary>
    public bool InBounds(Index1D dimension) =>
        X >= 0 && X < dimension.X;

    /// <summary>Whether this position lies inside the extent or on its end.</summary>
    public bool InBoundsInclusive(Index1D dimension) =>
        X >= 0 && X <= dimension.X;

    /// <summary>Component-wise sum.</summary>
    public Index1D Add(Index1D rhs) => this + rhs;

    /// <summary>Component-wise difference.</summary>
    public Index1D Subtract(Index1D rhs) => this - rhs;

    /// <summary>Component-wise sum.</summary>
    public static Index1D Add(Index1D left, Index1D right) => left + right;

    /// <summary>Component-wise difference.</summary>
    public static Index1D Subtract(Index1D left, Index1D right) => left - right;

    /// <summary>Component-wise product.</summary>
    public static Index1D Multiply(Index1D left, Index1D right) => left * right;

    /// <summary>Component-wise quotient.</summary>
    public static Index1D Divide(Index1D left, Index1D right) => left / right;

    /// <summary>Component-wise minimum.</summary>
    public static Index1D Min(Index1D left, Index1D right) =>
        new(Math.Min(left.X, right.X));

    /// <summary>Component-wise maximum.</summary>
    public static Index1D Max(Index1D left, Index1D right) =>
        new(Math.Max(left.X, right.X));

    /// <summary>Component-wise value, kept between min and max.</summary>
    public static Index1D Clamp(Index1D value, Index1D min, Index1D max) => Max(min, Min(max, value));

    public static Index1D operator +(Index1D left, Index1D right) =>
        new(left.X + right.X);

    public static Index1D operator -(Index1D left, Index1D right) =>
        new(left.X - right.X);

    public static Index1D operator *(Index1D left, Index1D right) =>
        new(left.X * right.X);

    public static Index1D operator /(Index1D left, Index1D right) =>
        new(left.X / right.X);

    public static bool operator ==(Index1D left, Index1D right) => left.Equals(right);

    public static bool operator !=(Index1D left, Index1D right) => !left.Equals(right);

    public static implicit operator Index1D(int value) => new(value);

    public static implicit operator int(Index1D index) => index.X;

    public static explicit operator uint(Index1D index) => (uint)index.X;

    public static implicit operator LongIndex1D(Index1D index) => index.ToLongIndex();

    public bool Equals(Index1D other) => X == other.X;

    public override bool Equals(object? obj) => obj is Index1D other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(X);

    public override string ToString() => X.ToString();
}
