using System.Globalization;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Samples;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Samples;

/// <summary>The programs that docs/writing-kernels.md shows give what they say, on the CPU.</summary>
public class SampleTests
{
    /// <summary>Values to 2,002, products to 3,000: two roundings of 2^-24 each, and none in the double that it is compared with.</summary>
    [Fact]
    public void SaxpyHolds() => Holds(Saxpy.Run, 5000 * Math.Pow(2, -24));

    /// <summary>In units of 2^-24: the argument, to 20, of the exponential; its 4; 16 additions; the division.</summary>
    [Fact]
    public void SoftmaxHolds() => Holds(RowSoftmax.Run, (20 + 4 + 16 + 1) * Math.Pow(2, -24));

    /// <summary>320 products of numbers below one half, each sum rounded once.</summary>
    [Fact]
    public void TensorCoresHold() => Holds(TensorCores.Run, 320 * 0.25 * 320 * Math.Pow(2, -24));

    static void Holds(Action<Accelerator, TextWriter> sample, double limit)
    {
        using Context context = Context.Create(builder => builder.CPU().Assertions().DetectRaces());
        using Accelerator accelerator = context.CreateCPUAccelerator(0);
        using StringWriter output = new(CultureInfo.InvariantCulture);
        sample(accelerator, output);
        string line = output.ToString().TrimEnd();
        double error = double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
        Assert.True(error <= limit, $"{line}, expected at most {limit:g3}.");
    }
}
