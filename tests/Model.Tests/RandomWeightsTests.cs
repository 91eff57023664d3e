using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>Random numbers for weights and caches.</summary>
public sealed class RandomWeightsTests : IDisposable
{
    const int Count = 100_003;

    readonly ComputeDevice _device = ComputeDevice.Open(DevicePreference.Cpu);

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(0f, 0.02f)]
    [InlineData(3f, 0.5f)]
    public void MomentsAreThoseOfANormalDistribution(float mean, float deviation)
    {
        double[] z = [.. Draw<float, Float32Element>(7, mean, deviation).Select(value => ((double)value - mean) / deviation)];
        // Standard errors over n numbers: 1/sqrt(n) of the mean, sqrt((kurtosis - 1)/n) of the variance; four of them.
        double error = 4 / Math.Sqrt(Count);
        Check(0, z.Average(), error);
        Check(1, z.Average(value => value * value), error * Math.Sqrt(2));
        Check(0, z.Average(value => value * value * value), error * Math.Sqrt(15));
        // The sum of four uniform numbers has a kurtosis of 3 - 6/5/4.
        Check(2.7, z.Average(value => value * value * value * value), error * Math.Sqrt(105));
        Assert.All(z, value => Assert.True(Math.Abs(value) <= 3.47));
    }

    [Fact]
    public void NeighboursAndSeedsAreIndependentAndRunsAreNot()
    {
        float[] first = Draw<float, Float32Element>(1, 0, 1), again = Draw<float, Float32Element>(1, 0, 1), other = Draw<float, Float32Element>(2, 0, 1);
        Assert.Equal(first, again);
        double error = 4 / Math.Sqrt(Count);
        Check(0, first.Zip(other, (a, b) => (double)a * b).Average(), error);
        Check(0, first.Zip(first.Skip(1), (a, b) => (double)a * b).Average(), error);
    }

    [Fact]
    public void BFloat16IsTheRoundedFloat()
    {
        float[] float32 = Draw<float, Float32Element>(5, 0, 0.02f);
        BFloat16[] rounded = Draw<BFloat16, BFloat16Element>(5, 0, 0.02f);
        Assert.Equal(float32.Select(value => BFloat16.FromFloat(value).Bits), rounded.Select(value => value.Bits));
    }

    [Fact]
    public void NoDeviationFillsWithTheMean() => Assert.All(Draw<float, Float32Element>(1, 1, 0), value => Assert.Equal(1f, value));

    T[] Draw<T, TElement>(ulong seed, float mean, float deviation)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        using MemoryBuffer1D<T, Stride1D.Dense> buffer = _device.Accelerator.Allocate1D<T>(Count);
        new RandomNormal<T, TElement>(_device.Accelerator).Run(_device.Stream, buffer.View, seed, mean, deviation);
        return buffer.GetAsArray1D(_device.Stream);
    }

    static void Check(double expected, double actual, double limit)
    {
        if (!(Math.Abs(actual - expected) <= limit))
            Assert.Fail($"{actual} is not {expected} within {limit}.");
    }
}
