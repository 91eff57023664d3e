using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Loader;
using IlgpuDca.Model.Weights;
using Xunit;

namespace IlgpuDca.Model.Tests;

/// <summary>Weights arrive bit for bit whatever their size, and a fault leaves nothing behind.</summary>
public sealed class WeightUploaderTests : IDisposable
{
    /// <summary>16 float32 or 32 bf16.</summary>
    const int ChunkBytes = 64;

    readonly ComputeDevice _device = ComputeDevice.Open(DevicePreference.Cpu);

    Accelerator Accelerator => _device.Accelerator;

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(TensorType.F32, 1)]
    [InlineData(TensorType.BF16, 3)]
    [InlineData(TensorType.F16, 4)]
    public void EverySizeAroundAChunkArrives(TensorType type, int threads)
    {
        int[] sizes = [1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 1_000, 4_097];
        using MadeTensors tensors = new([.. sizes.Select(size => (type, size))]);
        List<MemoryBuffer1D<float, Stride1D.Dense>> float32 = [];
        List<MemoryBuffer1D<BFloat16, Stride1D.Dense>> bFloat16 = [];
        using (WeightUploader uploader = Uploader(threads))
        {
            for (int i = 0; i < sizes.Length; i++)
            {
                float32.Add(uploader.Upload<float>(tensors[i]));
                bFloat16.Add(uploader.Upload<BFloat16>(tensors[i]));
            }
            uploader.Complete();
        }
        for (int i = 0; i < sizes.Length; i++)
        {
            float[] expected = new float[sizes[i]];
            tensors[i].ToFloat32(0, expected);
            Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), float32[i].GetAsArray1D().Select(BitConverter.SingleToUInt32Bits));
            ushort[] bits = new ushort[sizes[i]];
            tensors[i].ToBFloat16(0, bits);
            Assert.Equal(bits, bFloat16[i].GetAsArray1D().Select(value => value.Bits));
        }
    }

    [Fact]
    public void TensorsLieOneAfterTheOther()
    {
        using MadeTensors tensors = new((TensorType.BF16, 33), (TensorType.F32, 1), (TensorType.F16, 77));
        using WeightUploader uploader = Uploader(2);
        using MemoryBuffer1D<BFloat16, Stride1D.Dense> buffer = uploader.Upload<BFloat16>(tensors[0], tensors[1], tensors[2]);
        uploader.Complete();
        ushort[] expected = new ushort[111];
        tensors[0].ToBFloat16(0, expected.AsSpan(0, 33));
        tensors[1].ToBFloat16(0, expected.AsSpan(33, 1));
        tensors[2].ToBFloat16(0, expected.AsSpan(34, 77));
        Assert.Equal(expected, buffer.GetAsArray1D().Select(value => value.Bits));
    }

    [Theory]
    [InlineData(1, 111)]
    [InlineData(3, 37)]
    [InlineData(37, 3)]
    [InlineData(111, 1)]
    public void InterleavedTensorsTakeTurns(int block, int turns)
    {
        const int Elements = 111;
        using MadeTensors tensors = new((TensorType.BF16, Elements), (TensorType.F32, Elements));
        using WeightUploader uploader = Uploader(3);
        using MemoryBuffer1D<float, Stride1D.Dense> buffer = uploader.UploadInterleaved<float>(block, tensors[0], tensors[1]);
        uploader.Complete();
        float[] first = new float[Elements], second = new float[Elements];
        tensors[0].ToFloat32(0, first);
        tensors[1].ToFloat32(0, second);
        IEnumerable<float> expected = Enumerable.Range(0, turns).SelectMany(turn => first.Skip(turn * block).Take(block).Concat(second.Skip(turn * block).Take(block)));
        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), buffer.GetAsArray1D().Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void ProgressEndsWithEverything()
    {
        using MadeTensors tensors = new((TensorType.BF16, 1_001));
        List<LoadProgress> reports = [];
        using WeightUploader uploader = new(Accelerator, 2_002, new Recorder(reports), CancellationToken.None, 3, ChunkBytes);
        using MemoryBuffer1D<BFloat16, Stride1D.Dense> buffer = uploader.Upload<BFloat16>(tensors[0]);
        uploader.Complete();
        Assert.Equal(32, reports.Count);
        Assert.Equal(reports.OrderBy(report => report.Done), reports);
        Assert.Equal(new LoadProgress(2_002, 2_002), reports[^1]);
    }

    [Fact]
    public void AFaultLeavesNothingOnTheDevice()
    {
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromFolder(Repository.Fixture("llama-mha")));
        using (WeightUploader uploader = Uploader(2))
        {
            FileWeights weights = new(Accelerator, uploader, files.Tensors, WeightStorage.Plain);
            Closing closing = new(weights, files);
            Assert.Throws<ObjectDisposedException>(() => new DeviceWeights<float>(closing, files.Config));
        }
        Assert.Empty(LiveBuffers.Of(Accelerator));
    }

    [Fact]
    public void CancellationLeavesNothingOnTheDevice()
    {
        using CancellationTokenSource source = new();
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromFolder(Repository.Fixture("llama-mha")));
        Assert.ThrowsAny<OperationCanceledException>(() => Engine.Load(_device, files, null, new EngineOptions { LoadThreads = 2 },
            new Canceller(source), source.Token));
        Assert.Empty(LiveBuffers.Of(Accelerator));
    }

    [Fact]
    public void AFullDeviceLeavesNothingOnIt()
    {
        using LlamaFiles files = LlamaFiles.Open(ModelSource.FromFolder(Repository.Fixture("llama-mha")));
        using (WeightUploader uploader = Uploader(2))
            Assert.Throws<OutOfMemoryException>(() => new DeviceWeights<float>(new Full(new FileWeights(Accelerator, uploader, files.Tensors, WeightStorage.Plain)), files.Config));
        Assert.Empty(LiveBuffers.Of(Accelerator));
    }

    [Fact]
    public void AFileThatWasCutIsRefusedBeforeAnythingIsAllocated()
    {
        string folder = Directory.CreateTempSubdirectory("ilgpudca").FullName;
        try
        {
            foreach (string file in (string[])["config.json", "model.safetensors"])
                File.Copy(Path.Combine(Repository.Fixture("llama-mha"), file), Path.Combine(folder, file));
            using (FileStream stream = File.OpenWrite(Path.Combine(folder, "model.safetensors")))
                stream.SetLength(stream.Length - 1);
            Assert.Throws<ModelFormatException>(() => TinyModel.Load(_device, folder, null));
            Assert.Empty(LiveBuffers.Of(Accelerator));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    WeightUploader Uploader(int threads) => new(Accelerator, 1 << 20, null, CancellationToken.None, threads, ChunkBytes);

    sealed class Recorder(List<LoadProgress> reports) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => reports.Add(value);
    }

    sealed class Canceller(CancellationTokenSource source) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => source.Cancel();
    }

    /// <summary>Closes the files after the first buffers, as a fault in mid-load.</summary>
    sealed class Closing(IWeightLoader inner, LlamaFiles files) : IWeightLoader
    {
        public MemoryBuffer1D<T, Stride1D.Dense> Load<T>(WeightPart part, int layer)
            where T : unmanaged
        {
            return inner.Load<T>(part, layer);
        }

        public DeviceMatrix<T> LoadMatrix<T>(WeightPart part, int layer)
            where T : unmanaged
        {
            if (part == WeightPart.Down)
                files.Dispose();
            return inner.LoadMatrix<T>(part, layer);
        }

        public void Complete() => inner.Complete();

        public void Abort() => inner.Abort();
    }

    /// <summary>A device that has no room for the last buffers.</summary>
    sealed class Full(IWeightLoader inner) : IWeightLoader
    {
        public MemoryBuffer1D<T, Stride1D.Dense> Load<T>(WeightPart part, int layer)
            where T : unmanaged => part == WeightPart.FinalNorm ? throw new OutOfMemoryException() : inner.Load<T>(part, layer);

        public DeviceMatrix<T> LoadMatrix<T>(WeightPart part, int layer)
            where T : unmanaged => inner.LoadMatrix<T>(part, layer);

        public void Complete() => inner.Complete();

        public void Abort() => inner.Abort();
    }
}
