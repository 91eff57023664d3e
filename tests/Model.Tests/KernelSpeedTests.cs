using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Model.Benchmarks.KernelSpeed;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>What kernels are measured with.</summary>
public sealed class KernelSpeedTests : IDisposable
{
    readonly ComputeDevice _device = ComputeDevice.Open(DevicePreference.Cpu);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void EveryCaseRunsAndFreesItsInputs()
    {
        KernelCase[] cases = [.. KernelSuite.For(_device)];
        Assert.Equal(Enum.GetValues<KernelGroup>(), cases.Select(one => one.Group).Distinct());
        foreach (KernelCase one in cases)
        {
            using (KernelBenchmark benchmark = one.Create(_device))
            {
                Assert.Equal((one.Name, one.Group), (benchmark.Name, benchmark.Group));
                KernelFigure figure = KernelTimer.Measure(_device.Stream, benchmark, TestContext.Current.CancellationToken);
                Assert.True(figure.Fastest <= figure.Milliseconds && figure.Milliseconds <= figure.Slowest && figure.Fastest > 0, $"{figure}");
                Assert.Equal(benchmark.Rate(figure.Milliseconds), figure.Value);
                Assert.True(figure.Samples >= 5);
                Assert.Equal(one.Group is KernelGroup.Dca or KernelGroup.Qgemm, figure.Rival > 0);
            }
            Assert.Empty(LiveBuffers.Of(_device.Accelerator));
        }
    }

    [Fact]
    public void OperationsAndBytesAreCountedAsTheAnchorsDo()
    {
        using ProductBenchmark many = new(_device, new MatMulShape(64, 96, 32));
        Assert.Equal(("gemm 64x96x32", "TFLOP/s"), (many.Name, many.Unit));
        Assert.Equal(2.0 * 64 * 96 * 32 / 1e9, many.Rate(1), 12);
        using ProductBenchmark one = new(_device, new MatMulShape(1, 96, 32));
        Assert.Equal(("gemv 96x32", "GB/s"), (one.Name, one.Unit));
        Assert.Equal(2.0 * 96 * 32 / 1e6, one.Rate(1), 12);
        using CopyBenchmark copy = new(_device, 1_000);
        Assert.Equal(2_000 / 1e6, copy.Rate(1), 12);
        using SamplingBenchmark draw = new(_device, 1_000);
        Assert.Equal(("sampling V=1000", "draws/s"), (draw.Name, draw.Unit));
        Assert.Equal(20_000, draw.Rate(0.05), 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(50_001)]
    public void TheReadSumsEveryWord(int packs)
    {
        BFloat16x8[] data = [.. Enumerable.Range(0, packs).Select(i => new BFloat16x8((uint)i, (uint)i * 3, 0x9000_0000u + (uint)i, 7))];
        MemorySum sum = new(_device.Accelerator);
        using MemoryBuffer1D<BFloat16x8, Stride1D.Dense> x = _device.Accelerator.Allocate1D(data);
        using MemoryBuffer1D<uint, Stride1D.Dense> sums = _device.Accelerator.Allocate1D<uint>(sum.Threads);
        sum.Run(_device.Stream, x.View, sums.View);
        uint expected = data.Aggregate(0u, (total, pack) => total + pack.A + pack.B + pack.C + pack.D);
        Assert.Equal(expected, sums.GetAsArray1D(_device.Stream).Aggregate(0u, (total, part) => total + part));
    }

    [Fact]
    public void TheReadKeepsFourWideLoadsUnderWay()
    {
        MethodInfo kernel = typeof(MemorySum).GetMethod("Kernel", BindingFlags.Static | BindingFlags.NonPublic)!;
        string ptx = PtxModule.Emit(KernelCompiler.Compile(kernel, new CompileOptions(CompileTarget.Cuda)), PtxTarget.Minimum);
        Assert.Equal(5, ptx.Split("v4.u32").Length - 1);
        Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
    }

    [Fact]
    public void AnchorsAreReadAsTheyArePrinted()
    {
        Anchors anchors = Anchors.Parse("file",
        [
            "NVIDIA H100 80GB HBM3 torch 2.11.0",
            "copy: 2940 GB/s (read + written)",
            "gemm 4096x4096x4096: 0.194 ms 710 TFLOP/s",
            "gemv 4096x4096: 22.6 us 1488 GB/s",
            "causal attention CUDNN_ATTENTION L=4096: 0.65 ms 423 TFLOP/s",
            "dca three calls L=16384: 8.33 ms 264 TFLOP/s (causal FLOPs)",
            "hf compiled decode after 512: 141.2 tok/s",
            "a warning: of something",
        ]);
        Assert.Equal("NVIDIA H100 80GB HBM3 torch 2.11.0", anchors.Source);
        Assert.Equal(6, anchors.Rates.Count);
        Assert.Equal(2940, anchors.Find("copy"));
        Assert.Equal(710, anchors.Find("gemm 4096x4096x4096"));
        Assert.Equal(1488, anchors.Find("gemv 4096x4096"));
        Assert.Equal(423, anchors.Find("causal attention CUDNN_ATTENTION L=4096"));
        Assert.Equal(264, anchors.Find("dca three calls L=16384"));
        Assert.Equal(141.2, anchors.Find("hf compiled decode after 512"));
        Assert.Null(anchors.Find("read"));
        Assert.Contains("--anchors file", Assert.Throws<UsageException>(() => Anchors.Parse("file", ["nothing"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemm 8x8x8", 750, 767.0, false)]
    [InlineData("gemv 4096x4096", 1_800, 1.15 * 1_488, true)]
    [InlineData("gemv 32000x4096", 2_800, 0.95 * 2_900, true)]
    [InlineData("qgemv q4_0 22016x4096", 2_400, 0.85 * 2_900, false)]
    [InlineData("qgemm q8_0 512x11008x4096", 450, 0.8 * 560, true)]
    [InlineData("causal attention L=65536", 620, 618.0, true)]
    [InlineData("dca L=65536", 611, 1.9 * 322, false)]
    [InlineData("dca L=131072", 580, 1.75 * 328, true)]
    [InlineData("dca L=16384", 560, 0.98 * 600, false)]
    [InlineData("decode attention L=4096", 2_200, 1.7 * 1_271, true)]
    [InlineData("decode attention L=32768", 2_650, 0.93 * 2_900, false)]
    [InlineData("decode attention L=131072", 2_900, 2_916.0, false)]
    [InlineData("sampling V=151936", 19_999, 20_000.0, false)]
    public void TargetsAreThoseOfTheTable(string name, double ours, double target, bool met)
    {
        Anchors anchors = new("torch", new Dictionary<string, double>
        {
            ["gemm 8x8x8"] = 767,
            ["gemv 4096x4096"] = 1_488,
            ["gemv 32000x4096"] = 2_629,
            ["causal attention CUDNN_ATTENTION L=65536"] = 618,
            ["dca three calls L=65536"] = 322,
            ["dca three calls L=131072"] = 328,
            ["dca three calls L=16384"] = 264,
            ["decode attention L=4096"] = 1_271,
            ["decode attention L=32768"] = 2_593,
            ["decode attention L=131072"] = 2_916,
        });
        KernelGroup group = name.Split(' ')[0] switch
        {
            "gemm" => KernelGroup.Gemm,
            "gemv" => KernelGroup.Gemv,
            "qgemv" => KernelGroup.Qgemv,
            "qgemm" => KernelGroup.Qgemm,
            "causal" => KernelGroup.Attention,
            "dca" => KernelGroup.Dca,
            "sampling" => KernelGroup.Sampling,
            _ => KernelGroup.Decode,
        };
        double? rival = group switch
        {
            KernelGroup.Qgemm => 560,
            KernelGroup.Dca => name.EndsWith("=16384", StringComparison.Ordinal) ? 600 : 570,
            _ => null,
        };
        KernelComparison row = KernelComparison.Of([Figure(KernelGroup.Read, "read", 2_900), Figure(group, name, ours) with { Rival = rival }], anchors)[^1];
        Assert.Equal(target, row.Target!.Value, 9);
        Assert.Equal(met, row.IsMet);
        Assert.Equal(row.Anchor is { } anchor ? ours / anchor : null, row.Ratio);
        Assert.Equal(name[0] is 'q' or 's', row.Anchor is null);
    }

    [Fact]
    public void WithoutAnchorsOnlyWhatIsKnownIsATarget()
    {
        IReadOnlyList<KernelComparison> rows = KernelComparison.Of(
            [Figure(KernelGroup.Read, "read", 100), Figure(KernelGroup.Gemv, "gemv 1x1", 90), Figure(KernelGroup.Decode, "decode attention L=32768", 94)], null);
        Assert.Equal([null, null, 93.0], rows.Select(row => row.Target));
        Assert.All(rows, row => Assert.Null(row.Ratio));
    }

    static KernelFigure Figure(KernelGroup group, string name, double value) => new(group, name, "unit", value, 1, 1, 1, 5);
}
