namespace ILGPU;

/// <summary>A position or extent in space (x is the first axis), in 32-bit elements.</summary>
public readonly struct Index3D : IIntrinsicIndex, IIntIndex, IGenericIndex<Index3D>, IEquatable<Index3D>
{
    /// <summary>All components are -1: no position.</summary>
    public static readonly Index3D Invalid = new(-1, -1, -1);

    /// <summary>All components are 0.</summary>
    public static readonly Index3D Zero = new(0, 0, 0);

    /// <summary>All components are 1.</summary>
    public static readonly Index3D One = new(1, 1, 1);

    /// <summary>An index from its components.</summary>
    public Index3D(int x, int y, int z)
    {
        X = x;
        Y = y;
        Z = z;
    }

    /// <summary>An index whose components are all equal.</summary>
    public Index3D(int value)
        : this(value, value, value)
    {
    }

    /// <summary>An index from its first two components and the third.</summary>
    public Index3D(Index2D xy, int z)
        : this(xy.X, xy.Y, z)
    {
    }

    /// <summary>An index from its first component and the last two.</summary>
    public Index3D(int x, Index2D yz)
        : this(x, yz.X, yz.Y)
    {
    }

    /// <summary>The first component.</summary>
    public int X { get; }

    /// <summary>The second component.</summary>
    public int Y { get; }

    /// <summary>The third component.</summary>
    public int Z { get; }

    /// <summary>The first two components.</summary>
    public Index2D XY => new(X, Y);

    /// <summary>The last two components.</summary>
    public Index2D YZ => new(Y, Z);

    /// <summary>Which index type this is.</summary>
    public IndexType IndexType => IndexType.Index3D;

    /// <summary>Whether every component is 0.</summary>
    public bool IsFirst => X == 0 && Y == 0 && Z == 0;

    /// <summary>Number of elements of an extent: the product of the components.</summary>
    public int Size => X * Y * Z;

    /// <summary>The same product in 64 bits.</summary>
    public long LongSize => (long)X * Y * Z;

    long IIndex.Size => LongSize;

    /// <summary>The same index with 64-bit components.</summary>
    public LongIndex3D ToLongIndex() => new(X, Y, Z);

    /// <summary>Whether this position lies inside the extent.</summary>
    public bool InBounds(Index3D dimension) =>
        X >= 0 && X < dimension.X && Y >= 0 && Y < dimension.Y && Z >= 0 && Z < dimension.Z;

    /// <summary>Whether this position lies inside the extent or on its end.</summary>
    public bool InBoundsInclusive(Index3D dimension) =>
        X >= 0 && X <= dimension.X && Y >= 0 && Y <= dimension.Y && Z >= 0 && Z <= dimension.Z;

    /// <summary>Component-wise sum.</summary>
    public Index3D Add(Index3D rhs) => this + rhs;

    /// <summary>Component-wise difference.</summary>
    public Index3D Subtract(Index3D rhs) => this - rhs;

    /// <summary>Component-wise sum.</summary>
    public static Index3D Add(Index3D left, Index3D right) => left + right;

    /// <summary>Component-wise difference.</summary>
    public static Index3D Subtract(Index3D left, Index3D right) => left - right;

    /// <summary>Component-wise product.</summary>
    public static Index3D Multiply(Index3D left, Index3D right) => left * right;

    /// <summary>Component-wise quotient.</summary>
    public static Index3D Divide(Index3D left, Index3D right) => left / right;

    /// <summary>Component-wise minimum.</summary>
    public static Index3D Min(Index3D left, Index3D right) =>
        new(Math.Min(left.X, right.X), Math.Min(left.Y, right.Y), Math.Min(left.Z, right.Z));

    /// <summary>Component-wise maximum.</summary>
    public static Index3D Max(Index3D left, Index3D right) =>
        new(Math.Max(left.X, right.X), Math.Max(left.Y, right.Y), Math.Max(left.Z, right.Z));

    /// <summary>Component-wise value, kept between min and max.</summary>
    public static Index3D Clamp(Index3D value, Index3D min, Index3D max) => Max(min, Min(max, value));

    public static Index3D operator +(Index3D left, Index3D right) =>
        new(left.X + right.X, left.Y + right.Y, left.Z + right.Z);

    public static Index3D operator -(Index3D left, Index3D right) =>
        new(left.X - right.X, left.Y - right.Y, left.Z - right.Z);

    public static Index3D operator *(Index3D left, Index3D right) =>
        new(left.X * right.X, left.Y * right.Y, left.Z * right.Z);

    public static Index3D operator /(Index3D left, Index3D right) =>
        new(left.X / right.X, left.Y / right.Y, left.Z / right.Z);

    public static bool operator ==(Index3D left, Index3D right) => left.Equals(right);

    public static bool operator !=(Index3D left, Index3D right) => !left.Equals(right);

    public static implicit operator Index3D((int, int, int) value) =>
        new(value.Item1, value.Item2, value.Item3);

    /// <summary>The components as a tuple.</summary>
    public (int X, int Y, int Z) ToValueTuple() => (X, Y, Z);

    /// <summary>Takes the components apart.</summary>
    public void Deconstruct(out int x, out int y, out int z)
    {
        x = X;
        y = Y;
        z = Z;
    }

    public static implicit operator LongIndex3D(Index3D index) => index.ToLongIndex();

    public bool Equals(Index3D other) => X == other.X && Y == other.Y && Z == other.Z;

    public override bool Equals(object? obj) => obj is Index3D other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(X, Y, Z);

    public override string ToString() => $"({X}, {Y}, {Z})";
}
