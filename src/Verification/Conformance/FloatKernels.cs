using ILGPU;
using ILGPU.Algorithms;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Operations of floats that IEEE 754 rounds exactly: every bit must agree. One operation each, for a·b + c is one rounding.</summary>
static class FloatKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Binary<float, float, float>("float add", (i, a, b, r) => r[i] = a[i] + b[i]),
        Binary<float, float, float>("float subtract", (i, a, b, r) => r[i] = a[i] - b[i]),
        Binary<float, float, float>("float multiply", (i, a, b, r) => r[i] = a[i] * b[i]),
        Binary<float, float, float>("float divide", (i, a, b, r) => r[i] = a[i] / b[i]),
        Binary<float, float, float>("float remainder", (i, a, b, r) => r[i] = a[i] % b[i]),
        Unary<float, float>("float negate", (i, a, r) => r[i] = -a[i]),
        Unary<float, float>("float times 0 is not 0", (i, a, r) => r[i] = a[i] * 0f),
        Unary<float, float>("float plus 0 drops the sign of 0", (i, a, r) => r[i] = a[i] + 0f),
        Unary<float, float>("float minus itself", (i, a, r) => r[i] = a[i] - a[i]),
        Unary<float, float>("float square root", (i, a, r) => r[i] = MathF.Sqrt(a[i])),
        Unary<float, float>("float absolute", (i, a, r) => r[i] = MathF.Abs(a[i])),
        Unary<float, float>("float floor", (i, a, r) => r[i] = MathF.Floor(a[i])),
        Unary<float, float>("float ceiling", (i, a, r) => r[i] = MathF.Ceiling(a[i])),
        Unary<float, float>("float truncate", (i, a, r) => r[i] = MathF.Truncate(a[i])),
        Unary<float, float>("float round, ties to even", (i, a, r) => r[i] = MathF.Round(a[i])),
        Binary<float, float, float>("float fused multiply-add", (i, a, b, r) => r[i] = MathF.FusedMultiplyAdd(a[i], b[i], 0.1f)),
        Binary<float, float, float>("float a·b + c is fused", (i, a, b, r) => r[i] = a[i] * b[i] + 0.1f,
            (a, b) => MathF.FusedMultiplyAdd(a, b, 0.1f)),
        Binary<float, float, float>("float a·b - c is fused", (i, a, b, r) => r[i] = a[i] * b[i] - 0.1f,
            (a, b) => MathF.FusedMultiplyAdd(a, b, -0.1f)),
        Binary<float, float, float>("float c - a·b is fused", (i, a, b, r) => r[i] = 0.1f - a[i] * b[i],
            (a, b) => MathF.FusedMultiplyAdd(-a, b, 0.1f)),
        Binary<float, float, float>("float copy sign", (i, a, b, r) => r[i] = MathF.CopySign(a[i], b[i])),
        Binary<float, float, float>("float copy sign of the API", (i, a, b, r) => r[i] = IntrinsicMath.CopySign(a[i], b[i])),
        Binary<float, float, float>("float min, NaN spreads", (i, a, b, r) => r[i] = MathF.Min(a[i], b[i])),
        Binary<float, float, float>("float max, NaN spreads", (i, a, b, r) => r[i] = MathF.Max(a[i], b[i])),
        Binary<float, float, float>("float min of the API, NaN loses", (i, a, b, r) => r[i] = XMath.Min(a[i], b[i]), float.MinNumber),
        Binary<float, float, float>("float max of the API, NaN loses", (i, a, b, r) => r[i] = XMath.Max(a[i], b[i]), float.MaxNumber),
        Binary<double, double, double>("double add", (i, a, b, r) => r[i] = a[i] + b[i]),
        Binary<double, double, double>("double multiply", (i, a, b, r) => r[i] = a[i] * b[i]),
        Binary<double, double, double>("double divide", (i, a, b, r) => r[i] = a[i] / b[i]),
        Binary<double, double, double>("double remainder", (i, a, b, r) => r[i] = a[i] % b[i]),
        Unary<double, double>("double square root", (i, a, r) => r[i] = Math.Sqrt(a[i])),
        Unary<double, double>("double floor and ceiling", (i, a, r) => r[i] = Math.Floor(a[i]) + Math.Ceiling(a[i])),
        Binary<float, float, double>("float product in double", (i, a, b, r) => r[i] = (double)a[i] * b[i]),
        Unary<float, int>("float classes", (i, a, r) =>
            r[i] = (float.IsNaN(a[i]) ? 1 : 0) + (float.IsInfinity(a[i]) ? 2 : 0) + (float.IsFinite(a[i]) ? 4 : 0)),
        Unary<double, int>("double classes", (i, a, r) =>
            r[i] = (double.IsNaN(a[i]) ? 1 : 0) + (double.IsInfinity(a[i]) ? 2 : 0) + (double.IsFinite(a[i]) ? 4 : 0)),
    ];
}
