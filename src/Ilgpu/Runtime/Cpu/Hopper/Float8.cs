namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// E4M3 of OCP's 8-bit floating point, revision 1.0: a sign, 4 bits of exponent with bias 7, 3 of mantissa; no infinity,
/// NaN where all seven bits are set.
/// </summary>
static class Float8
{
    static readonly float[] _values = [.. Enumerable.Range(0, 256).Select(bits => Decode(bits))];

    public static float Value(byte bits) => _values[bits];

    static float Decode(int bits)
    {
        int exponent = bits >> 3 & 15, mantissa = bits & 7;
        float magnitude = (bits & 0x7F) == 0x7F ? float.NaN
            : exponent == 0 ? MathF.ScaleB(mantissa, -9)
            : MathF.ScaleB(8 + mantissa, exponent - 10);
        return bits >> 7 == 0 ? magnitude : -magnitude;
    }
}
