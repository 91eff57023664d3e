namespace ILGPU.Algorithms;

/// <summary>Mathematics inside kernels; as plain C# the same functions of <see cref="MathF"/>.</summary>
public static partial class XMath
{
    /// <summary>Sine and cosine of one angle in radians.</summary>
    public static void SinCos(float value, out float sine, out float cosine)
    {
        sine = MathF.Sin(value);
        cosine = MathF.Cos(value);
    }

    /// <summary>Magnitude.</summary>
    public static float Abs(float value) => MathF.Abs(value);

    /// <summary>Smaller of two.</summary>
    public static float Min(float first, float second) => MathF.Min(first, second);

    /// <summary>Larger of two.</summary>
    public static float Max(float first, float second) => MathF.Max(first, second);

    /// <summary>value, kept between min and max.</summary>
    public static float Clamp(float value, float min, float max) => Max(min, Min(max, value));

    /// <summary>Square root.</summary>
    public static float Sqrt(float value) => MathF.Sqrt(value);

    /// <summary>e to the power of value.</summary>
    public static float Exp(float value) => MathF.Exp(value);

    /// <summary>Sine; radians.</summary>
    public static float Sin(float value) => MathF.Sin(value);

    /// <summary>Cosine; radians.</summary>
    public static float Cos(float value) => MathF.Cos(value);

    /// <summary>Tangent; radians.</summary>
    public static float Tan(float value) => MathF.Tan(value);

    /// <summary>Arc sine in radians.</summary>
    public static float Asin(float value) => MathF.Asin(value);

    /// <summary>Arc cosine in radians.</summary>
    public static float Acos(float value) => MathF.Acos(value);

    /// <summary>Arc tangent in radians.</summary>
    public static float Atan(float value) => MathF.Atan(value);

    /// <summary>Hyperbolic sine.</summary>
    public static float Sinh(float value) => MathF.Sinh(value);

    /// <summary>Hyperbolic cosine.</summary>
    public static float Cosh(float value) => MathF.Cosh(value);

    /// <summary>Hyperbolic tangent.</summary>
    public static float Tanh(float value) => MathF.Tanh(value);

    /// <summary>Largest integer not above value.</summary>
    public static float Floor(float value) => MathF.Floor(value);

    /// <summary>Smallest integer not below value.</summary>
    public static float Ceiling(float value) => MathF.Ceiling(value);

    /// <summary>Integer part.</summary>
    public static float Truncate(float value) => MathF.Truncate(value);

    /// <summary>Natural logarithm.</summary>
    public static float Log(float value) => MathF.Log(value);

    /// <summary>Logarithm to base 2.</summary>
    public static float Log2(float value) => MathF.Log2(value);

    /// <summary>Logarithm to base 10.</summary>
    public static float Log10(float value) => MathF.Log10(value);

    /// <summary>Logarithm to a base.</summary>
    public static float Log(float value, float newBase) => MathF.Log(value, newBase);

    /// <summary>2 to the power of value.</summary>
    public static float Exp2(float value) => MathF.Pow(2f, value);

    /// <summary>basis to the power of exponent.</summary>
    public static float Pow(float basis, float exponent) => MathF.Pow(basis, exponent);

    /// <summary>Angle of the point (x, y) in radians.</summary>
    public static float Atan2(float y, float x) => MathF.Atan2(y, x);

    /// <summary>1 / value.</summary>
    public static float Rcp(float value) => 1f / value;

    /// <summary>1 / square root of value.</summary>
    public static float Rsqrt(float value) => 1f / MathF.Sqrt(value);

    /// <summary>Remainder of the division truncated towards zero.</summary>
    public static float Rem(float x, float y) => x % y;

    /// <summary>Remainder of the division rounded to even.</summary>
    public static float IEEERemainder(float x, float y) => MathF.IEEERemainder(x, y);

    /// <summary>Nearest integer; ties to even.</summary>
    public static float Round(float value) => MathF.Round(value);

    /// <summary>Nearest integer; ties to even.</summary>
    public static float RoundToEven(float value) => MathF.Round(value, MidpointRounding.ToEven);

    /// <summary>Nearest integer; ties away from zero.</summary>
    public static float RoundAwayFromZero(float value) => MathF.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>-1, 0 or 1; ArithmeticException for NaN.</summary>
    public static int Sign(float value) => MathF.Sign(value);

    /// <summary>Whether value is NaN.</summary>
    public static bool IsNaN(float value) => float.IsNaN(value);

    /// <summary>Whether value is infinity.</summary>
    public static bool IsInfinity(float value) => float.IsInfinity(value);

    /// <summary>Whether value is finite.</summary>
    public static bool IsFinite(float value) => float.IsFinite(value);

    /// <summary>Degrees to radians.</summary>
    public static float DegToRad(float degrees) => degrees * (PI / 180f);

    /// <summary>Radians to degrees.</summary>
    public static float RadToDeg(float radians) => radians * (180f / PI);
}
