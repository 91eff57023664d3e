using System.Diagnostics;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Wrong GGUF files: the typed error with the key or the byte, at once, without a large allocation.</summary>
public class MalformedGgufTests
{
    const long MostBytes = 1 << 20;

    static readonly Dictionary<string, (Action<GgufBuilder> Spoil, string Named)> Cases = new()
    {
        ["empty file"] = (b => b.Cut = int.MaxValue, "at byte 0: the file ends inside the magic number"),
        ["bad magic"] = (b => b.Magic = 0x4655_4748, "at byte 0: the file begins with 0x46554748"),
        ["version 0"] = (b => b.Version = 0, "at byte 4: the version is 0"),
        ["version 1"] = (b => b.Version = 1, "at byte 4: the version is 1"),
        ["version of the future"] = (b => b.Version = 4, "at byte 4: the version is 4"),
        ["big-endian"] = (b => b.Version = 0x0300_0000, "as a big-endian file has it"),
        ["cut in the header"] =
            (b => b.Cut = b.Build().Length - 13, "at byte 8: the file ends inside the number of tensors"),
        ["absurd number of tensors"] = (b => b.TensorCount = ulong.MaxValue, "at byte 8: the header names 1844"),
        ["more tensors than bytes"] = (b => b.TensorCount = 1_000, "at byte 8: the header names 1000 tensors"),
        ["one tensor too many"] = (b => b.TensorCount = (ulong)b.Tensors.Count + 1, "at byte "),
        ["absurd number of keys"] =
            (b => b.KeyCount = 1ul << 63, "at byte 16: the header names 9223372036854775808 metadata keys"),
        ["more keys than bytes"] = (b => b.KeyCount = 5_000, "at byte 16: the header names 5000 metadata keys"),
        ["one key too many"] = (b => b.KeyCount = (ulong)b.Values.Count + 1, "at byte "),
        ["key of length -1"] =
            (b => b.Values[0] = b.Values[0] with { KeyLength = ulong.MaxValue }, "at byte 24: metadata key 0 has 1844"),
        ["key longer than the file"] =
            (b => b.Values[0] = b.Values[0] with { KeyLength = 60_000 }, "inside metadata key 0"),
        ["empty key"] = (b => b.Values[0] = b.Values[0] with { Key = [] }, "at byte 24: metadata key 0 is empty"),
        ["key that is no UTF-8"] =
            (b => b.Values[0] = b.Values[0] with { Key = [0xFF, 0xFE] },
                "at byte 24: metadata key 0 is not valid UTF-8"),
        ["duplicate key"] = (b => b.Values.Add(b.Values[1]), "the metadata has 'llama.block_count' twice"),
        ["value type 13"] = (b => b.Put("k", 13, [0]), "the type of 'k' is 13"),
        ["value type -1"] = (b => b.Put("k", uint.MaxValue, [0]), "the type of 'k' is 4294967295"),
        ["element type 99"] =
            (b => b.Put("k", 9, [99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "the type of the elements of 'k' is 99"),
        ["array of arrays"] = (b => b.Put("k", 9, [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "'k' is an array of arrays"),
        ["array longer than the file"] =
            (b => b.Put("k", 9, ArrayOf(4, ulong.MaxValue)), "'k' has 18446744073709551615 elements"),
        ["array that overflows"] = (b => b.Put("k", 9, ArrayOf(12, 1ul << 61)), "'k' has 2305843009213693952 elements"),
        ["strings longer than the file"] = (b => b.Put("k", 9, ArrayOf(8, 1ul << 40)), "'k' has 1099511627776 strings"),
        ["string longer than the file"] =
            (b => b.Put("k", 8, BitConverter.GetBytes(1ul << 33)), "'k' has 8589934592 bytes"),
        ["string of an array longer than the file"] =
            (b => b.Put("k", 9, [.. ArrayOf(8, 1), .. BitConverter.GetBytes(ulong.MaxValue)]),
                "'k' has 18446744073709551615 bytes"),
        ["alignment 0"] = (b => b.Set("general.alignment", 0u), "'general.alignment' (at byte "),
        ["alignment no power of two"] = (b => b.Set("general.alignment", 24u), "is 24, expected a power of two"),
        ["alignment of a wrong type"] = (b => b.Set("general.alignment", "32"), "is String, expected a whole number"),
        ["huge alignment"] = (b => b.Set("general.alignment", 1u << 31), "'general.alignment' (at byte "),
        ["alignment that the data does not have"] =
            (b => b.Set("general.alignment", 4096u), "expected a multiple of 4096"),
        ["long tensor name"] = (b => b.Tensors[2].Name = new string('n', 65), "the name of tensor 2 has 65 bytes"),
        ["empty tensor name"] = (b => b.Tensors[2].Name = "", "the name of tensor 2 is empty"),
        ["five dimensions"] = (b => b.Tensors[2].DimensionCount = 5, "'blk.0.attn_norm.weight' has 5 dimensions"),
        ["absurd dimensions"] = (b => b.Tensors[2].DimensionCount = uint.MaxValue, "has 4294967295 dimensions"),
        ["dimension 0"] = (b => b.Tensors[2].Dimensions = [0], "has a dimension of 0"),
        ["dimension -1"] = (b => b.Tensors[2].Dimensions = [ulong.MaxValue], "has a dimension of -1"),
        ["dimensions that overflow"] =
            (b => b.Tensors[2].Dimensions = [1ul << 62, 1ul << 62, 1ul << 62, 16], "'blk.0.attn_norm.weight' of shape"),
        ["bytes that overflow"] = (b => b.Tensors[2].Dimensions = [1ul << 62], "'blk.0.attn_norm.weight' of shape"),
        ["removed tensor type"] = (b => b.Tensors[2].Type = 4, "'blk.0.attn_norm.weight' is of type 4"),
        ["negative tensor type"] = (b => b.Tensors[2].Type = uint.MaxValue, "is of type 4294967295"),
        ["tensor type without a reader"] =
            (b => b.Tensors[2].Type = 17, "is of type IQ2_XS (17), expected one of F16, BF16, F32"),
        ["row of no whole blocks"] =
            (b => b.Tensor("blk.0.ffn_up.weight").Dimensions = [33, 64], "has rows of 33 elements"),
        ["odd offset"] = (b => b.Tensors[2].Offset = 33, "has the offset 33, expected a multiple of 32"),
        ["offset beyond the file"] =
            (b => b.Tensors[2].Offset = 1 << 20, "'blk.0.attn_norm.weight' has 128 bytes from byte 1048576"),
        ["offset that overflows"] =
            (b => b.Tensors[2].Offset = ulong.MaxValue - 31, "has the offset 18446744073709551584"),
        ["largest offset"] = (b => b.Tensors[2].Offset = (1ul << 63) - 32, "from byte 9223372036854775776 of the data"),
        ["duplicate tensor"] = (b => b.Tensors[3].Name = b.Tensors[2].Name, "'blk.0.attn_norm.weight' is there twice"),
        ["tensors that overlap"] = (b => b.Tensors[2].Offset = 0, "tensors must not overlap"),
        ["not enough data"] = (b => b.Cut = 1, "'blk.0.ffn_down.weight' has 4096 bytes"),
        ["no data"] = (b => b.Cut = b.Tensors.Sum(tensor => tensor.Data.Length), "at byte "),
        ["no architecture"] = (b => b.Remove("general.architecture"), "'general.architecture' is absent"),
        ["unknown architecture"] = (b => b.Set("general.architecture", "rwkv"), "is 'rwkv', expected one of llama"),
        ["architecture of a wrong type"] = (b => b.Set("general.architecture", 1u), "is UInt32, expected a string"),
        ["no block count"] = (b => b.Remove("llama.block_count"), "has no 'llama.block_count'"),
        ["block count of a wrong type"] = (b => b.Set("llama.block_count", 1f), "'llama.block_count' (at byte "),
        ["absurd block count"] = (b => b.Set("llama.block_count", uint.MaxValue), "'llama.block_count' is 4294967295"),
        ["no heads"] = (b => b.Set("llama.attention.head_count", 0u), "'llama.attention.head_count' is 0"),
        ["heads that differ"] = (b => b.Set("llama.attention.head_count", [2u, 4u]), "differs between layers"),
        ["no finite epsilon"] =
            (b => b.Set("llama.attention.layer_norm_rms_epsilon", float.NaN),
                "'llama.attention.layer_norm_rms_epsilon' (at byte "),
        ["partial rotation"] = (b => b.Set("llama.rope.dimension_count", 8u), "'llama.rope.dimension_count' (at byte "),
        ["experts of Llama"] = (b => b.Set("llama.expert_count", 8u), "'general.architecture' is 'MixtralForCausalLM'"),
        ["unknown rope scaling"] =
            (b => b.Set("llama.rope.scaling.type", "bent"), "'llama.rope.scaling.type' is 'bent'"),
        ["unknown setting of the scaling"] = (b => b.Set("llama.rope.scaling.yarn_log_multiplier", 0.1f),
            "'llama.rope.scaling.yarn_log_multiplier' (at byte "),
        ["old linear scaling"] = (b => b.Set("llama.rope.scale_linear", 0.25f), "'llama.rope.scale_linear' (at byte "),
        ["scaled residuals"] = (b => b.Set("llama.residual_scale", 0.5f), "'llama.residual_scale' (at byte "),
        ["more parts"] = (b => b.Set("split.count", 2u), "'split.count' (at byte "),
        ["bos outside the vocabulary"] =
            (b => b.Set("tokenizer.ggml.bos_token_id", 11u), "'tokenizer.ggml.bos_token_id' is 11"),
        ["another width"] = (b =>
        {
            b.Set("llama.embedding_length", 64u);
            b.Set("llama.attention.head_count", 4u);
        }, "shape is [11, 32]"),
        ["a layer too many"] = (b => b.Set("llama.block_count", 2u), "has no "),
        ["a weight too many"] = (b => b.Add("blk.0.attn_sinks.weight", 0, 2), "has 'blk.0.attn_sinks.weight'"),
    };

    public static TheoryData<string> Names { get; } = [.. Cases.Keys];

    [Fact]
    public void TheModelThatIsSpoiltIsAccepted()
    {
        using LlamaFiles files = LlamaFiles.Open(new MemoryModelFile("x.gguf", GgufBuilder.Llama().Build()));
        Assert.Equal(GgufBuilder.Hidden, files.Config.HiddenSize);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IsRefused(string name)
    {
        (Action<GgufBuilder> spoil, string named) = Cases[name];
        GgufBuilder builder = GgufBuilder.Llama();
        spoil(builder);
        byte[] bytes = builder.Build();
        var source = new MemoryModelFile("x.gguf", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var error = Assert.Throws<ModelFormatException>(() => LlamaFiles.Open(source));
        Assert.True(watch.ElapsedMilliseconds < 5_000, $"took {watch.Elapsed}");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= MostBytes, $"{allocated} bytes allocated");
        Assert.StartsWith("memory/x.gguf: ", error.Message);
        Assert.Contains(named, error.Message);
        Assert.Contains("Fix: ", error.Message);
    }

    static byte[] ArrayOf(uint type, ulong count) => [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(count)];
}
