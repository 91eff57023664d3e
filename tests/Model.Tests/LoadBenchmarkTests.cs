using IlgpuDca.Loader;
using IlgpuDca.Model.Benchmarks.Loading;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>Loading is measured on files of a shape.</summary>
public sealed class LoadBenchmarkTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WrittenFilesAreAModelThatLoads(bool tied)
    {
        ModelConfig config = ModelConfig.Open(ModelSource.FromFolder(Repository.TinyModel)) with { Layers = 2, DualChunk = null, TieWordEmbeddings = tied };
        string folder = Directory.CreateTempSubdirectory("ilgpudca").FullName;
        try
        {
            RandomModelFiles.Write(folder, config);
            using ComputeDevice device = ComputeDevice.Open(DevicePreference.Cpu);
            EngineOptions options = new() { Mode = ComputeMode.BFloat16, LoadThreads = 2 };
            LoadFigure figure = LoadBenchmark.Measure(device, ModelSource.FromFolder(folder), options, 2, TestContext.Current.CancellationToken);
            Assert.Equal(MemoryPlan.WeightBytes(config, ComputeMode.BFloat16), figure.Bytes);
            Assert.Equal(2, figure.Seconds.Count);
            Assert.True(figure.Share > 0 && figure.FirstSeconds > 0);
            Assert.Equal(figure.BytesPerSecond / figure.PinnedBytesPerSecond, figure.Share);
            Assert.Empty(LiveBuffers.Of(device.Accelerator));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
