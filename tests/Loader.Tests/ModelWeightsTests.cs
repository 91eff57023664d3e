using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

public sealed class ModelWeightsTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("ilgpudca").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void Write(string file, byte[] bytes) => File.WriteAllBytes(Path.Combine(_folder, file), bytes);

    /// <summary>One tensor a shard, 'a' and 'b', and an index of the given weight_map.</summary>
    void WriteShards(string map)
    {
        Write("1.safetensors", SyntheticModel.Weights([("a", [2])]));
        Write("2.safetensors", SyntheticModel.Weights([("b", [3])]));
        Write("model.safetensors.index.json", Encoding.UTF8.GetBytes(map));
    }

    [Fact]
    public void ShardsAreOneModel()
    {
        WriteShards("""{"metadata":{"total_size":10},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}""");
        using ModelWeights weights = ModelWeights.Open(_folder);
        Assert.Equal(2, weights.Files.Count);
        Assert.Equal(10, weights.TotalBytes);
        Assert.Equal([3L], weights.Find("b")!.Info.Shape);
        Assert.Null(weights.Find("c"));
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"../2.safetensors"}}""", "'b'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"/2.safetensors"}}""", "'b'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"c:\\2.safetensors"}}""", "'b'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"..\\2.safetensors"}}""", "'b'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":""}}""", "'b'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"2.bin"}}""", "'b'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":7}}""", "'b'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"3.safetensors"}}""", "'3.safetensors'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"1.safetensors"}}""", "'b'")]
    [InlineData("""{"weight_map":{"a":"2.safetensors","b":"1.safetensors"}}""", "it is in")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","a":"2.safetensors"}}""", "'a'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","b":"2.safetensors","c":"2.safetensors"}}""", "'c'")]
    [InlineData("""{"weight_map":{"a":"1.safetensors","c":"2.safetensors"}}""", "'b'")]
    [InlineData("""{"weight_map":{}}""", "weight_map")]
    [InlineData("""{"weight_map":[]}""", "weight_map")]
    [InlineData("""{"weight_map":{"\ud800":"1.safetensors"}}""", "surrogate")]
    [InlineData("""[]""", "Array")]
    [InlineData("""{"weight_map":""", "JSON")]
    public void IndexIsRefused(string index, string named)
    {
        WriteShards(index);
        var error = Assert.Throws<ModelFormatException>(() => ModelWeights.Open(_folder));
        Assert.Contains("model.safetensors.index.json: ", error.Message);
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void TensorInTwoShardsIsRefused()
    {
        WriteShards("""{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}""");
        Write("2.safetensors", SyntheticModel.Weights([("b", [3]), ("a", [2])]));
        var error = Assert.Throws<ModelFormatException>(() => ModelWeights.Open(_folder));
        Assert.Contains("'a' is also in", error.Message);
    }

    [Fact]
    public void LinkOutOfTheFolderIsRefused()
    {
        WriteShards("""{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}""");
        string outside = _folder + ".outside";
        File.Move(Path.Combine(_folder, "2.safetensors"), outside);
        try
        {
            File.CreateSymbolicLink(Path.Combine(_folder, "2.safetensors"), outside);
            var error = Assert.Throws<ModelFormatException>(() => ModelWeights.Open(_folder));
            Assert.Contains("'2.safetensors', a link that leaves", error.Message);
        }
        finally
        {
            File.Delete(outside);
        }
    }

    [Fact]
    public void LinksOfTheHubCacheAreLegal()
    {
        string snapshot = Path.Combine(_folder, "snapshots", "1f");
        string blobs = Path.Combine(_folder, "blobs");
        Directory.CreateDirectory(snapshot);
        Directory.CreateDirectory(blobs);
        File.WriteAllBytes(Path.Combine(blobs, "77"), SyntheticModel.Weights([("a", [2])]));
        File.CreateSymbolicLink(Path.Combine(snapshot, "1.safetensors"), "../../blobs/77");
        File.WriteAllText(Path.Combine(snapshot, "model.safetensors.index.json"),
            """{"weight_map":{"a":"1.safetensors"}}""");
        using ModelWeights weights = ModelWeights.Open(snapshot);
        Assert.NotNull(weights.Find("a"));
    }

    /// <summary>A sparse file: the tensor is read at its far end, past what a span or an int can reach.</summary>
    [Fact]
    public void TensorAboveTwoGigabytesIsRead()
    {
        const long elements = (1L << 30) + 7;
        byte[] header = SyntheticModel.File(
            $"{{\"a\":{{\"dtype\":\"BF16\",\"shape\":[{elements}],\"data_offsets\":[0,{2 * elements}]}}}}", 0);
        string path = Path.Combine(_folder, "model.safetensors");
        using (FileStream stream = File.Create(path))
        {
            stream.Write(header);
            stream.SetLength(header.Length + 2 * elements);
            stream.Position = stream.Length - 4;
            stream.Write([0x80, 0x3F, 0x40, 0xC0]);
        }
        using ModelWeights weights = ModelWeights.Open(_folder);
        WeightTensor tensor = weights.Find("a")!;
        float[] last = new float[3];
        tensor.ToFloat32(elements - 3, last);
        Assert.Equal([0f, 1f, -3f], last);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.ToFloat32(elements - 2, last));
        Assert.Throws<OverflowException>(() => tensor.Bytes.Length);
    }

    [Fact]
    public void AbsentAndEmptyFilesAreRefused()
    {
        Assert.Contains("no such folder or file", Assert.Throws<ModelFormatException>(
            () => ModelWeights.Open(Path.Combine(_folder, "none"))).Message);
        Assert.Contains("neither model.safetensors nor", Assert.Throws<ModelFormatException>(
            () => ModelWeights.Open(_folder)).Message);
        Write("model.safetensors", []);
        var error = Assert.Throws<ModelFormatException>(() => ModelWeights.Open(_folder));
        Assert.Contains("model.safetensors: is empty", error.Message);
    }
}
