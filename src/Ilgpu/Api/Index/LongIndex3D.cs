namespace ILGPU;

/// <summary>A position or extent in space (x is the first axis), in 64-bit elements.</summary>
public readonly struct LongIndex3D : IIntrinsicIndex, IGenericIndex<LongIndex3D>, IEquatable<LongIndex3D>
{
    /// <summary>All components are -1: no position.</summary>
    public static readonly LongIndex3D Invalid = new(-1, -1, -1);

    /// <summary>All components are 0.</summary>
    public static readonly LongIndex3D Zero = new(0, 0, 0);

    /// <summary>All components are 1.</summary>
    public static readonly LongIndex3D One = new(1, 1, 1);

    /// <summary>An index from its components.</summary>
    public LongIndex3D(long x, long y, long z)
    {
        X = x;
        Y = y;
        Z = z;
    }

    /// <summary>An index whose components are all equal.</summary>
    public LongIndex3D(long value)
        : this(value, value, value)
    {
    }

    /// <summary>An index from its first two components and the third.</summary>
    public LongIndex3D(LongIndex2D xy, long z)
        : this(xy.X, xy.Y, z)
    {
    }

    /// <summary>An index from its first component and the last two.</summary>
    public LongIndex3D(long x, LongIndex2D yz)
        : this(x, yz.X, yz.Y)
    {
    }

    /// <summary>The first component.</summary>
    public long X { get; }

    /// <summary>The second component.</summary>
    public long Y { get; }

    /// <summary>The third component.</summary>
    public long Z { get; }

    /// <summary>The first two components.</summary>
    public LongIndex2D XY => new(X, Y);

    /// <summary>The last two components.</summary>
    public LongIndex2D YZ => new(Y, Z);

    /// <summary>Which index type this is.</summary>
    public IndexType IndexType => IndexType.LongIndex3D;

    /// <summary>Whether every component is 0.</summary>
    public bool IsFirst => X == 0 && Y == 0 && Z == 0;

    /// <summary>Number of elements of an extent: the product of the components.</summary>
    public long Size => X * Y * Z;

    /// <summary>The same index with 32-bit components; OverflowException when one does not fit.</summary>
    public Index3D ToIntIndex() => new(checked((int)X), checked((int)Y), checked((int)Z));

    /// <summary>Whether this position lies inside the extent.</summary>
    public bool InBounds(LongIndex3D dimension) =>
        X >= 0 && X < dimension.X && Y >= 0 && Y < dimension.Y && Z >= 0 && Z < dimension.Z;

    /// <summary>Whether this position lies inside the extent or on its end.</summary>
    public bool InBoundsInclusive(LongIndex3D dimension) =>
        X >= 0 && X <= dimension.X && Y >= 0 && Y <= dimension.Y && Z >= 0 && Z <= dimension.Z;

    /// <summary>Component-wise sum.</summary>
    public LongIndex3D Add(LongIndex3D rhs) => this + rhs;

    /// <summary>Component-wise difference.</summary>
    public LongIndex3D Subtract(LongIndex3D rhs) => this - rhs;

    /// <summary>Component-wise sum.</summary>
    public static LongIndex3D Add(LongIndex3D left, LongIndex3D right) => left + right;

    /// <summary>Component-wise difference.</summary>
    public static LongIndex3D Subtract(LongIndex3D left, LongIndex3D right) => left - right;

    /// <summary>Component-wise product.</summary>
    public static LongIndex3D Multiply(LongIndex3D left, LongIndex3D right) => left * right;

    /// <summary>Component-wise quotient.</summary>
    public static LongIndex3D Divide(LongIndex3D left, LongIndex3D right) => left / right;

    /// <summary>Component-wise minimum.</summary>
    public static LongIndex3D Min(LongIndex3D left, LongIndex3D right) =>
        new(Math.Min(left.X, right.X), Math.Min(left.Y, right.Y), Math.Min(left.Z, right.Z));

    /// <summary>Component-wise maximum.</summary>
    public static LongIndex3D Max(LongIndex3D left, LongIndex3D right) =>
        new(Math.Max(left.X, right.X), Math.Max(left.Y, right.Y), Math.Max(left.Z, right.Z));

    /// <summary>Component-wise value, kept between min and max.</summary>
    public static LongIndex3D Clamp(LongIndex3D value, LongIndex3D min, LongIndex3D max) => Max(min, Min(max, value));

    public static LongIndex3D operator +(LongIndex3D left, LongIndex3D right) =>
        new(left.X + right.X, left.Y + right.Y, left.Z + right.Z);

    public static LongIndex3D operator -(LongIndex3D left, LongIndex3D right) =>
        new(left.X - right.X, left.Y - right.Y, left.Z - right.Z);

    public static LongIndex3D operator *(LongIndex3D left, LongIndex3D right) =>
        new(left.X * right.X, left.Y * right.Y, left.Z * right.Z);

    public static LongIndex3D operator /(LongIndex3D left, LongIndex3D right) =>
        new(left.X / right.X, left.Y / right.Y, left.Z / right.Z);

    public static bool operator ==(LongIndex3D left, LongIndex3D right) => left.Equals(right);

    public static bool operator !=(LongIndex3D left, LongIndex3D right) => !left.Equals(right);

    public static implicit operator LongIndex3D((long, long, long) value) =>
        new(value.Item1, value.Item2, value.Item3);

    /// <summary>The components as a tuple.</summary>
    public (long X, long Y, long Z) ToValueTuple() => (X, Y, Z);

    /// <summary>Takes the components apart.</summary>
    public void Deconstruct(out long x, out long y, out long z)
    {
        x = X;
        y = Y;
        z = Z;
    }

    public static explicit operator Index3D(LongIndex3D index) => index.ToIntIndex();

    public bool Equals(LongIndex3D other) => X == other.X && Y == other.Y && Z == other.Z;

    public override bool Equals(object? obj) => obj is LongIndex3D other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(X, Y, Z);

    public override string ToString() => $"({X}, {Y}, {Z})";
}
