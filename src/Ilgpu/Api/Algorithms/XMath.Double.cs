namespace ILGPU.Algorithms;

/// <summary>Mathematics inside kernels; as plain C# the same functions of <see cref="Math"/>.</summary>
public static partial class XMath
{
    /// <summary>Sine and cosine of one angle in radians.</summary>
    public static void SinCos(double value, out double sine, out double cosine)
    {
        sine = Math.Sin(value);
        cosine = Math.Cos(value);
    }

    /// <summary>Magnitude.</summary>
    public static double Abs(double value) => Math.Abs(value);

    /// <summary>Smaller of two.</summary>
    public static double Min(double first, double second) => Math.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static double Max(double first, double second) => Math.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static double Clamp(double value, double min, double max) => Max(min, Min(max, value));

    /// <summary>Square root.</summary>
    public static double Sqrt(double value) => Math.Sqrt(value);

    /// <summary>e to the power of value.</summary>
    public static double Exp(double value) => Math.Exp(value);

    /// <summary>Sine; radians.</summary>
    public static double Sin(double value) => Math.Sin(value);

    /// <summary>Cosine; radians.</summary>
    public static double Cos(double value) => Math.Cos(value);

    /// <summary>Tangent; radians.</summary>
    public static double Tan(double value) => Math.Tan(value);

    /// <summary>Arc sine in radians.</summary>
    public static double Asin(double value) => Math.Asin(value);

    /// <summary>Arc cosine in radians.</summary>
    public static double Acos(double value) => Math.Acos(value);

    /// <summary>Arc tangent in radians.</summary>
    public static double Atan(double value) => Math.Atan(value);

    /// <summary>Hyperbolic sine.</summary>
    public static double Sinh(double value) => Math.Sinh(value);

    /// <summary>Hyperbolic cosine.</summary>
    public static double Cosh(double value) => Math.Cosh(value);

    /// <summary>Hyperbolic tangent.</summary>
    public static double Tanh(double value) => Math.Tanh(value);

    /// <summary>Largest integer not above value.</summary>
    public static double Floor(double value) => Math.Floor(value);

    /// <summary>Smallest integer not below value.</summary>
    public static double Ceiling(double value) => Math.Ceiling(value);

    /// <summary>Integer part.</summary>
    public static double Truncate(double value) => Math.Truncate(value);

    /// <summary>Natural logarithm.</summary>
    public static double Log(double value) => Math.Log(value);

    /// <summary>Logarithm to base 2.</summary>
    public static double Log2(double value) => Math.Log2(value);

    /// <summary>Logarithm to base 10.</summary>
    public static double Log10(double value) => Math.Log10(value);

    /// <summary>Logarithm to a base.</summary>
    public static double Log(double value, double newBase) => Math.Log(value, newBase);

    /// <summary>2 to the power of value.</summary>
    public static double Exp2(double value) => Math.Pow(2, value);

    /// <summary>basis to the power of exponent.</summary>
    public static double Pow(double basis, double exponent) => Math.Pow(basis, exponent);

    /// <summary>Angle of the point (x, y) in radians.</summary>
    public static double Atan2(double y, double x) => Math.Atan2(y, x);

    /// <summary>1 / value.</summary>
    public static double Rcp(double value) => 1 / value;

    /// <summary>1 / square root of value.</summary>
    public static double Rsqrt(double value) => 1 / Math.Sqrt(value);

    /// <summary>Remainder of the division truncated towards zero.</summary>
    public static double Rem(double x, double y) => x % y;

    /// <summary>Remainder of the division rounded to even.</summary>
    public static double IEEERemainder(double x, double y) => Math.IEEERemainder(x, y);

    /// <summary>Nearest integer; ties to even.</summary>
    public static double Round(double value) => Math.Round(value);

    /// <summary>Nearest integer; ties to even.</summary>
    public static double RoundToEven(double value) => Math.Round(value, MidpointRounding.ToEven);

    /// <summary>Nearest integer; ties away from zero.</summary>
    public static double RoundAwayFromZero(double value) => Math.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>-1, 0 or 1; ArithmeticException for NaN.</summary>
    public static int Sign(double value) => Math.Sign(value);

    /// <summary>Whether value is NaN.</summary>
    public static bool IsNaN(double value) => double.IsNaN(value);

    /// <summary>Whether value is infinity.</summary>
    public static bool IsInfinity(double value) => double.IsInfinity(value);

    /// <summary>Whether value is finite.</summary>
    public static bool IsFinite(double value) => double.IsFinite(value);

    /// <summary>Degrees to radians.</summary>
    public static double DegToRad(double degrees) => degrees * (PID / 180);

    /// <summary>Radians to degrees.</summary>
    public static double RadToDeg(double radians) => radians * (180 / PID);
}
