namespace ILGPU;

/// <summary>A position or extent in a plane (x is the first axis), in 64-bit elements.</summary>
public readonly struct LongIndex2D : IIntrinsicIndex, IGenericIndex<LongIndex2D>, IEquatable<LongIndex2D>
{
    /// <summary>All components are -1: no position.</summary>
    public static readonly LongIndex2D Invalid = new(-1, -1);

    /// <summary>All components are 0.</summary>
    public static readonly LongIndex2D Zero = new(0, 0);

    /// <summary>All components are 1.</summary>
    public static readonly LongIndex2D One = new(1, 1);

    /// <summary>An index from its components.</summary>
    public LongIndex2D(long x, long y)
    {
        X = x;
        Y = y;
    }

    /// <summary>An index whose components are all equal.</summary>
    public LongIndex2D(long value)
        : this(value, value)
    {
    }

    /// <summary>The first component.</summary>
    public long X { get; }

    /// <summary>The second component.</summary>
    public long Y { get; }

    /// <summary>Which index type this is.</summary>
    public IndexType IndexType => IndexType.LongIndex2D;

    /// <summary>Whether every component is 0.</summary>
    public bool IsFirst => X == 0 && Y == 0;

    /// <summary>Number of elements of an extent: the product of the components.</summary>
    public long Size => X * Y;

    /// <summary>The same index with 32-bit components; OverflowException when one does not fit.</summary>
    public Index2D ToIntIndex() => new(checked((int)X), checked((int)Y));

    /// <summary>Whether this position lies inside the extent.</summary>
    public bool InBounds(LongIndex2D dimension) =>
        X >= 0 && X < dimension.X && Y >= 0 && Y < dimension.Y;

    /// <summary>Whether this position lies inside the extent or on its end.</summary>
    public bool InBoundsInclusive(LongIndex2D dimension) =>
        X >= 0 && X <= dimension.X && Y >= 0 && Y <= dimension.Y;

    /// <summary>Component-wise sum.</summary>
    public LongIndex2D Add(LongIndex2D rhs) => this + rhs;

    /// <summary>Component-wise difference.</summary>
    public LongIndex2D Subtract(LongIndex2D rhs) => this - rhs;

    /// <summary>Component-wise sum.</summary>
    public static LongIndex2D Add(LongIndex2D left, LongIndex2D right) => left + right;

    /// <summary>Component-wise difference.</summary>
    public static LongIndex2D Subtract(LongIndex2D left, LongIndex2D right) => left - right;

    /// <summary>Component-wise product.</summary>
    public static LongIndex2D Multiply(LongIndex2D left, LongIndex2D right) => left * right;

    /// <summary>Component-wise quotient.</summary>
    public static LongIndex2D Divide(LongIndex2D left, LongIndex2D right) => left / right;

    /// <summary>Component-wise minimum.</summary>
    public static LongIndex2D Min(LongIndex2D left, LongIndex2D right) =>
        new(Math.Min(left.X, right.X), Math.Min(left.Y, right.Y));

    /// <summary>Component-wise maximum.</summary>
    public static LongIndex2D Max(LongIndex2D left, LongIndex2D right) =>
        new(Math.Max(left.X, right.X), Math.Max(left.Y, right.Y));

    /// <summary>Component-wise value, kept between min and max.</summary>
    public static LongIndex2D Clamp(LongIndex2D value, LongIndex2D min, LongIndex2D max) => Max(min, Min(max, value));

    public static LongIndex2D operator +(LongIndex2D left, LongIndex2D right) =>
        new(left.X + right.X, left.Y + right.Y);

    public static LongIndex2D operator -(LongIndex2D left, LongIndex2D right) =>
        new(left.X - right.X, left.Y - right.Y);

    public static LongIndex2D operator *(LongIndex2D left, LongIndex2D right) =>
        new(left.X * right.X, left.Y * right.Y);

    public static LongIndex2D operator /(LongIndex2D left, LongIndex2D right) =>
        new(left.X / right.X, left.Y / right.Y);

    public static bool operator ==(LongIndex2D left, LongIndex2D right) => left.Equals(right);

    public static bool operator !=(LongIndex2D left, LongIndex2D right) => !left.Equals(right);

    public static implicit operator LongIndex2D((long, long) value) =>
        new(value.Item1, value.Item2);

    /// <summary>The components as a tuple.</summary>
    public (long X, long Y) ToValueTuple() => (X, Y);

    /// <summary>Takes the components apart.</summary>
    public void Deconstruct(out long x, out long y)
    {
        x = X;
        y = Y;
    }

    public static explicit operator Index2D(LongIndex2D index) => index.ToIntIndex();

    public bool Equals(LongIndex2D other) => X == other.X && Y == other.Y;

    public override bool Equals(object? obj) => obj is LongIndex2D other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(X, Y);

    public override string ToString() => $"({X}, {Y})";
}
