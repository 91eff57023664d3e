using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;

namespace IlgpuDca.Verification;

/// <summary>Rounding to bfloat16 on the host and in kernels: ties, carries, denormals, infinities and NaN.</summary>
static class BFloat16Checks
{
    /// <summary>Low halves around the tie, and at its ends.</summary>
    static readonly uint[] s_lowHalves = [0, 1, 0x7FFE, 0x7FFF, 0x8000, 0x8001, 0xFFFE, 0xFFFF];

    /// <summary>Zero, denormals, the first normal, one, a mantissa that carries, the largest, infinity, NaN quiet and signalling.</summary>
    static readonly uint[] s_highHalves = [0, 1, 2, 0x7E, 0x7F, 0x80, 0x81, 0x3F7F, 0x3F80, 0x3F81, 0x40FF, 0x7F7E, 0x7F7F, 0x7F80, 0x7F81, 0x7FC0, 0x7FFF];

    public static IEnumerable<Check> All()
    {
        yield return NewCheck.Of("BFloat16.FromFloat and ToFloat", Conversions);
    }

    static void Conversions(Accelerator accelerator, Inputs inputs)
    {
        uint[] random = Array.ConvertAll(inputs.Integers(2000, int.MaxValue), value => (uint)value);
        uint[] magnitudes = [.. s_highHalves.SelectMany(high => s_lowHalves.Select(low => high << 16 | low)), .. random];
        uint[] bits = [.. magnitudes, .. magnitudes.Select(value => value | 0x80000000u)];
        float[] values = Array.ConvertAll(bits, BitConverter.UInt32BitsToSingle);
        using GuardedBuffer<float> deviceValues = new(accelerator, values), back = new(accelerator, values.Length);
        using GuardedBuffer<BFloat16> rounded = new(accelerator, values.Length);
        accelerator.LoadKernel<ArrayView<float>, ArrayView<BFloat16>, ArrayView<float>>(Convert)(accelerator.DefaultStream,
            new KernelConfig((values.Length + 127) / 128, 128), deviceValues.View, rounded.View, back.View);
        BFloat16[] onDevice = rounded.Read();
        float[] backOnDevice = back.Read();
        for (int i = 0; i < values.Length; i++)
        {
            BFloat16 onHost = BFloat16.FromFloat(values[i]);
            if (float.IsNaN(values[i]))
            {
                Compare.True(IsNaN(onHost) && IsNaN(onDevice[i]), $"NaN 0x{bits[i]:X8} becomes 0x{onHost.Bits:X4} on the host and 0x{onDevice[i].Bits:X4} on the device, expected NaN.");
                continue;
            }
            ushort expected = Nearest(bits[i]);
            Compare.True(onHost.Bits == expected && onDevice[i].Bits == expected,
                $"0x{bits[i]:X8} becomes 0x{onHost.Bits:X4} on the host and 0x{onDevice[i].Bits:X4} on the device, expected 0x{expected:X4}.");
            Compare.Same<float>($"ToFloat of 0x{expected:X4}", [backOnDevice[i], onHost.ToFloat()], [Value(expected), Value(expected)]);
        }
    }

    static void Convert(ArrayView<float> values, ArrayView<BFloat16> rounded, ArrayView<float> back)
    {
        int i = Grid.IdxX * 128 + Group.IdxX;
        if (i >= values.IntLength)
            return;
        BFloat16 value = BFloat16.FromFloat(values[i]);
        rounded[i] = value;
        back[i] = value.ToFloat();
    }

    /// <summary>Of the two bfloat16 around a float the nearer by distance, the even one of equals; infinity counts as 2^128.</summary>
    static ushort Nearest(uint bits)
    {
        ushort below = (ushort)(bits >> 16);
        double value = Magnitude(bits), toBelow = value - Magnitude((uint)below << 16), toAbove = Magnitude((uint)(below + 1) << 16) - value;
        bool takesBelow = (bits & 0x7FFFFFFF) == 0x7F800000 || toBelow < toAbove || toBelow == toAbove && below % 2 == 0;
        return takesBelow ? below : (ushort)(below + 1);
    }

    static double Magnitude(uint bits) => (bits & 0x7FFFFFFF) == 0x7F800000 ? Math.ScaleB(1, 128) : Math.Abs((double)BitConverter.UInt32BitsToSingle(bits));

    static float Value(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    static bool IsNaN(BFloat16 value) => (value.Bits & 0x7FFF) > 0x7F80;
}
