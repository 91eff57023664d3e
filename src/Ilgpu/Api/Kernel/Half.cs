namespace ILGPU;

/// <summary>
/// IEEE binary16: 1 sign, 5 exponent and 10 mantissa bits. Arithmetic is done in float and rounded to even.
/// </summary>
public readonly partial struct Half : IEquatable<Half>, IComparable<Half>
{
    const ushort SignBit = 0x8000;
    const ushort Infinity = 0x7C00;

    /// <summary>The smallest positive value, 2^-24.</summary>
    public static readonly Half Epsilon = new(0x0001);

    /// <summary>65504.</summary>
    public static readonly Half MaxValue = new(0x7BFF);

    /// <summary>-65504.</summary>
    public static readonly Half MinValue = new(0xFBFF);

    /// <summary>Not a number.</summary>
    public static readonly Half NaN = new(0xFE00);

    /// <summary>Minus infinity.</summary>
    public static readonly Half NegativeInfinity = new(0xFC00);

    /// <summary>1.</summary>
    public static readonly Half One = new(0x3C00);

    /// <summary>Infinity.</summary>
    public static readonly Half PositiveInfinity = new(Infinity);

    /// <summary>0.</summary>
    public static readonly Half Zero = new(0x0000);

    internal Half(ushort rawValue) => RawValue = rawValue;

    /// <summary>The sixteen bits.</summary>
    internal ushort RawValue { get; }

    /// <summary>Magnitude.</summary>
    public static Half Abs(Half half) => new((ushort)(half.RawValue & ~SignBit));

    /// <summary>Whether the value is not a number.</summary>
    public static bool IsNaN(Half half) => (half.RawValue & ~SignBit) > Infinity;

    /// <summary>Whether the value is plus or minus zero.</summary>
    public static bool IsZero(Half half) => (half.RawValue & ~SignBit) == 0;

    /// <summary>Whether the value is infinite.</summary>
    public static bool IsInfinity(Half half) => (half.RawValue & ~SignBit) == Infinity;

    /// <summary>Whether the value is plus infinity.</summary>
    public static bool IsPositiveInfinity(Half half) => half.RawValue == Infinity;

    /// <summary>Whether the value is minus infinity.</summary>
    public static bool IsNegativeInfinity(Half half) => half.RawValue == (Infinity | SignBit);

    /// <summary>Whether the value is neither infinite nor NaN.</summary>
    public static bool IsFinite(Half half) => (half.RawValue & ~SignBit) < Infinity;

    public static Half operator +(Half first, Half second) => (Half)((float)first + (float)second);

    public static Half operator -(Half first, Half second) => (Half)((float)first - (float)second);

    public static Half operator *(Half first, Half second) => (Half)((float)first * (float)second);

    public static Half operator /(Half first, Half second) => (Half)((float)first / (float)second);

    public static Half operator -(Half half) => new((ushort)(half.RawValue ^ SignBit));

    public static bool operator ==(Half first, Half second) => (float)first == (float)second;

    public static bool operator !=(Half first, Half second) => (float)first != (float)second;

    public static bool operator <(Half first, Half second) => (float)first < (float)second;

    public static bool operator <=(Half first, Half second) => (float)first <= (float)second;

    public static bool operator >(Half first, Half second) => (float)first > (float)second;

    public static bool operator >=(Half first, Half second) => (float)first >= (float)second;

    public int CompareTo(Half other) => ((float)this).CompareTo((float)other);

    public bool Equals(Half other) => ((float)this).Equals((float)other);

    public override bool Equals(object? obj) => obj is Half other && Equals(other);

    public override int GetHashCode() => ((float)this).GetHashCode();

    public override string ToString() => ((float)this).ToString();
}
