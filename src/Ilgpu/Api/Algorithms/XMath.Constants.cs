namespace ILGPU.Algorithms;

/// <summary>Constants of kernels: float, and double with the suffix D.</summary>
partial class XMath
{
    public const float E = 2.718281828459045f;
    public const float PI = 3.141592653589793f;
    public const float PIHalf = 1.5707963267948966f;
    public const float PIFourth = 0.7853981633974483f;
    public const float OneOverPI = 0.3183098861837907f;
    public const float TwoOverPI = 0.6366197723675814f;
    public const float Log2E = 1.4426950408889634f;
    public const float Log10E = 0.4342944819032518f;
    public const float Ln2 = 0.6931471805599453f;
    public const float Ln10 = 2.302585092994046f;
    public const float OneOverLn2 = 1.4426950408889634f;
    public const float OneOverLn10 = 0.43429448190325176f;
    public const float OneOverLog2E = 0.6931471805599453f;
    public const float Sqrt2 = 1.4142135623730951f;
    public const float OneOverSqrt2 = 0.7071067811865475f;
    public const float OneThird = 0.3333333333333333f;
    public const double ED = 2.718281828459045;
    public const double PID = 3.141592653589793;
    public const double PIHalfD = 1.5707963267948966;
    public const double PIFourthD = 0.7853981633974483;
    public const double Log2ED = 1.4426950408889634;
    public const double Log10ED = 0.4342944819032518;
    public const double Ln2D = 0.6931471805599453;
    public const double Ln10D = 2.302585092994046;
    public const double OneOverLn2D = 1.4426950408889634;
    public const double OneOverLn10D = 0.43429448190325176;
    public const double OneOverLog2ED = 0.6931471805599453;
}
