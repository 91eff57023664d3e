namespace ILGPU;

/// <summary>A position or extent in a plane (x is the first axis), in 32-bit elements.</summary>
public readonly struct Index2D : IIntrinsicIndex, IIntIndex, IGenericIndex<Index2D>, IEquatable<Index2D>
{
    /// <summary>All components are -1: no position.</summary>
    public static readonly Index2D Invalid = new(-1, -1);

    /// <summary>All components are 0.</summary>
    public static readonly Index2D Zero = new(0, 0);

    /// <summary>All components are 1.</summary>
    public static readonly Index2D One = new(1, 1);

    /// <summary>An index from its components.</summary>
    public Index2D(int x, int y)
    {
        X = x;
        Y = y;
    }

    /// <summary>An index whose components are all equal.</summary>
    public Index2D(int value)
        : this(value, value)
    {
    }

    /// <summary>The first component.</summary>
    public int X { get; }

    /// <summary>The second component.</summary>
    public int Y { get; }

    /// <summary>Which index type this is.</summary>
    public IndexType IndexType => IndexType.Index2D;

    /// <summary>Whether every component is 0.</summary>
    public bool IsFirst => X == 0 && Y == 0;

    /// <summary>Number of elements of an extent: the product of the components.</summary>
    public int Size => X * Y;

    /// <summary>The same product in 64 bits.</summary>
    public long LongSize => (long)X * Y;

    long IIndex.Size => LongSize;

    /// <summary>The same index with 64-bit components.</summary>
    public LongIndex2D ToLongIndex() => new(X, Y);

    /// <summary>Whether this position lies inside the extent.</summary>
    public bool InBounds(Index2D dimension) =>
        X >= 0 && X < dimension.X && Y >= 0 && Y < dimension.Y;

    /// <summary>Whether this position lies inside the extent or on its end.</summary>
    public bool InBoundsInclusive(Index2D dimension) =>
        X >= 0 && X <= dimension.X && Y >= 0 && Y <= dimension.Y;

    /// <summary>Component-wise sum.</summary>
    public Index2D Add(Index2D rhs) => this + rhs;

    /// <summary>Component-wise difference.</summary>
    public Index2D Subtract(Index2D rhs) => this - rhs;

    /// <summary>Component-wise sum.</summary>
    public static Index2D Add(Index2D left, Index2D right) => left + right;

    /// <summary>Component-wise difference.</summary>
    public static Index2D Subtract(Index2D left, Index2D right) => left - right;

    /// <summary>Component-wise product.</summary>
    public static Index2D Multiply(Index2D left, Index2D right) => left * right;

    /// <summary>Component-wise quotient.</summary>
    public static Index2D Divide(Index2D left, Index2D right) => left / right;

    /// <summary>Component-wise minimum.</summary>
    public static Index2D Min(Index2D left, Index2D right) =>
        new(Math.Min(left.X, right.X), Math.Min(left.Y, right.Y));

    /// <summary>Component-wise maximum.</summary>
    public static Index2D Max(Index2D left, Index2D right) =>
        new(Math.Max(left.X, right.X), Math.Max(left.Y, right.Y));

    /// <summary>Component-wise value, kept between min and max.</summary>
    public static Index2D Clamp(Index2D value, Index2D min, Index2D max) => Max(min, Min(max, value));

    public static Index2D operator +(Index2D left, Index2D right) =>
        new(left.X + right.X, left.Y + right.Y);

    public static Index2D operator -(Index2D left, Index2D right) =>
        new(left.X - right.X, left.Y - right.Y);

    public static Index2D operator *(Index2D left, Index2D right) =>
        new(left.X * right.X, left.Y * right.Y);

    public static Index2D operator /(Index2D left, Index2D right) =>
        new(left.X / right.X, left.Y / right.Y);

    public static bool operator ==(Index2D left, Index2D right) => left.Equals(right);

    public static bool operator !=(Index2D left, Index2D right) => !left.Equals(right);

    public static implicit operator Index2D((int, int) value) =>
        new(value.Item1, value.Item2);

    /// <summary>The components as a tuple.</summary>
    public (int X, int Y) ToValueTuple() => (X, Y);

    /// <summary>Takes the components apart.</summary>
    public void Deconstruct(out int x, out int y)
    {
        x = X;
        y = Y;
    }

    public static implicit operator LongIndex2D(Index2D index) => index.ToLongIndex();

    public bool Equals(Index2D other) => X == other.X && Y == other.Y;

    public override bool Equals(object? obj) => obj is Index2D other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(X, Y);

    public override string ToString() => $"({X}, {Y})";
}
