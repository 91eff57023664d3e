using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>Cases that need sm_90a or the CPU accelerator, and bfloat16 data for them.</summary>
static class HopperCase
{
    public static ConformanceCase Of(string name, Delegate kernel, Action<Accelerator> run) => new(name, kernel.Method, false, accelerator =>
    {
        if (accelerator is CudaAccelerator { Device.Architecture.Major: not 9 })
            throw new CheckSkipped($"{accelerator.Name} is not of compute capability 9.0.");
        run(accelerator);
    });

    /// <summary>Bits of bfloat16 numbers between -1 and 1.</summary>
    public static ushort[] Random(int count, int seed)
    {
        Random random = new(seed);
        ushort[] bits = new ushort[count];
        for (int k = 0; k < count; k++)
            bits[k] = (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle() * 2 - 1) >> 16);
        return bits;
    }

    /// <summary>The number of such bits.</summary>
    public static double Value(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
