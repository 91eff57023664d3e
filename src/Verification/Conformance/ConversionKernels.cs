using ILGPU;
using static IlgpuDca.Verification.Conformance.Elementwise;

namespace IlgpuDca.Verification.Conformance;

/// <summary>Conversions between numbers: NaN becomes 0, what is out of range saturates, to float rounds once.</summary>
static class ConversionKernels
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Unary<float, int>("float to int", (i, a, r) => r[i] = (int)a[i]),
        Unary<float, uint>("float to uint", (i, a, r) => r[i] = (uint)a[i]),
        Unary<float, long>("float to long", (i, a, r) => r[i] = (long)a[i]),
        Unary<float, ulong>("float to ulong", (i, a, r) => r[i] = (ulong)a[i]),
        Unary<double, int>("double to int", (i, a, r) => r[i] = (int)a[i]),
        Unary<double, uint>("double to uint", (i, a, r) => r[i] = (uint)a[i]),
        Unary<double, long>("double to long", (i, a, r) => r[i] = (long)a[i]),
        Unary<double, ulong>("double to ulong", (i, a, r) => r[i] = (ulong)a[i]),
        Unary<int, float>("int to float", (i, a, r) => r[i] = a[i]),
        Unary<uint, float>("uint to float", (i, a, r) => r[i] = a[i]),
        Unary<long, float>("long to float", (i, a, r) => r[i] = a[i]),
        Unary<ulong, float>("ulong to float", (i, a, r) => r[i] = a[i]),
        Unary<ulong, float>("ulong through double to float", (i, a, r) => r[i] = (float)(double)a[i]),
        Unary<int, double>("int to double", (i, a, r) => r[i] = a[i]),
        Unary<uint, double>("uint to double", (i, a, r) => r[i] = a[i]),
        Unary<long, double>("long to double", (i, a, r) => r[i] = a[i]),
        Unary<ulong, double>("ulong to double", (i, a, r) => r[i] = a[i]),
        Unary<float, double>("float to double", (i, a, r) => r[i] = a[i]),
        Unary<double, float>("double to float", (i, a, r) => r[i] = (float)a[i]),
        Unary<int, uint>("int to uint", (i, a, r) => r[i] = (uint)a[i]),
        Unary<int, ulong>("int to ulong", (i, a, r) => r[i] = (ulong)a[i]),
        Unary<uint, long>("uint to long", (i, a, r) => r[i] = a[i]),
        Unary<long, int>("long to int", (i, a, r) => r[i] = (int)a[i]),
        Unary<float, uint>("bits of a float", (i, a, r) => r[i] = Interop.FloatAsInt(a[i]) ^ 1),
        Unary<uint, float>("float of bits", (i, a, r) => r[i] = Interop.IntAsFloat(a[i] & 0x7f7fffff)),
        Unary<double, ulong>("bits of a double", (i, a, r) => r[i] = Interop.FloatAsInt(a[i]) ^ 1),
        Unary<ulong, double>("double of bits", (i, a, r) => r[i] = Interop.IntAsFloat(a[i] & 0x7fefffffffffffff)),
        Unary<ushort, float>("bfloat16 to float", (i, a, r) => r[i] = Interop.IntAsFloat((uint)a[i] << 16)),
        Unary<ushort, float>("half to float", (i, a, r) => r[i] = Interop.IntAsFloat(a[i])),
        Unary<float, int>("float to half", (i, a, r) => r[i] = float.IsNaN(a[i]) ? -1 : Interop.FloatAsInt((ILGPU.Half)a[i])),
        Binary<ushort, ushort, float>("half sum", (i, a, b, r) => r[i] = Interop.IntAsFloat(a[i]) + Interop.IntAsFloat(b[i])),
    ];
}
