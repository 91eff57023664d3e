using ILGPU.Algorithms;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>
/// Functions that a GPU approximates. Limits are PTX's: 2^x within 2^-22 of the value, log2 within 2^-22 of the value or of 1 near
/// 1, sine and cosine within 2^-20.5 on [-π, π], 1/sqrt within 2^-22, 1/x within 2^-23. Functions built from these add the
/// roundings of their steps, 2^-24 of each result, and what an argument's rounding does to the result.
/// </summary>
static class FunctionKernels
{
    const double Ulp = 1.0 / (1 << 23);
    static readonly double SineLimit = Math.Pow(2, -20.5);

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Approximate("Exp2", (i, a, r) => r[i] = XMath.Exp2(a[i]), -30, 30, x => Math.Pow(2, x), x => 2 * Ulp * Math.Pow(2, x)),
        Approximate("Exp", (i, a, r) => r[i] = XMath.Exp(a[i]), -20, 20, Math.Exp, x => (2 + Math.Abs(x)) * Ulp * Math.Exp(x)),
        Approximate("MathF.Exp", (i, a, r) => r[i] = MathF.Exp(a[i]), -20, 20, Math.Exp, x => (2 + Math.Abs(x)) * Ulp * Math.Exp(x)),
        Approximate("Log2", (i, a, r) => r[i] = XMath.Log2(a[i]), 0.001f, 40, Math.Log2, Log2Limit),
        Approximate("Log", (i, a, r) => r[i] = XMath.Log(a[i]), 0.001f, 40, Math.Log, x => Log2Limit(x) + Ulp * Math.Abs(Math.Log(x))),
        Approximate("Log10", (i, a, r) => r[i] = XMath.Log10(a[i]), 0.001f, 40, Math.Log10,
            x => Log2Limit(x) + Ulp * Math.Abs(Math.Log10(x))),
        Approximate("Pow", (i, a, r) => r[i] = XMath.Pow(a[i], 2.5f), 0.01f, 40, x => Math.Pow(x, 2.5),
            x => Math.Pow(x, 2.5) * (2.5 * Log2Limit(x) + Ulp * Math.Abs(2.5 * Math.Log2(x)) + 2 * Ulp)),
        Approximate("Sin", (i, a, r) => r[i] = XMath.Sin(a[i]), -3.1415925f, 3.1415925f, Math.Sin, _ => SineLimit),
        Approximate("Cos", (i, a, r) => r[i] = XMath.Cos(a[i]), -3.1415925f, 3.1415925f, Math.Cos, _ => SineLimit),
        Approximate("SinCos", (i, a, r) =>
        {
            XMath.SinCos(a[i], out float sine, out float cosine);
            r[i] = sine - cosine;
        }, -3.1415925f, 3.1415925f, x => Math.Sin(x) - Math.Cos(x), _ => 2 * SineLimit + Ulp),
        Approximate("Tan", (i, a, r) => r[i] = XMath.Tan(a[i]), -1.4f, 1.4f, Math.Tan,
            x => 2 * SineLimit * (1 + Math.Abs(Math.Tan(x))) / Math.Cos(x)),
        Approximate("Tanh", (i, a, r) => r[i] = XMath.Tanh(a[i]), -20, 20, Math.Tanh, x => (4 + Math.Abs(x)) * Ulp),
        Approximate("Rsqrt", (i, a, r) => r[i] = XMath.Rsqrt(a[i]), 0.001f, 1000, x => 1 / Math.Sqrt(x), x => 2 * Ulp / Math.Sqrt(x)),
        Approximate("Rcp", (i, a, r) => r[i] = XMath.Rcp(a[i]), 0.001f, 1000, x => 1 / x, x => Ulp / x),
    ];

    static double Log2Limit(double x) => 2 * Ulp * Math.Max(1, Math.Abs(Math.Log2(x)));
}
