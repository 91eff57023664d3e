using System.Diagnostics;
using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

public class MalformedSafetensorsTests
{
    const string Good = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    /// <summary>Header, bytes of data, what the message must name.</summary>
    public static TheoryData<string, int, string> Headers => new()
    {
        { Good.Replace("F32", "F33"), 8, "'a'" },
        { Good.Replace("\"F32\"", "7"), 8, "'a'" },
        { Good.Replace("\"F32\"", "\"3\""), 8, "'a'" },
        { Good.Replace("[2]", "[-2]"), 8, "'a'" },
        { Good.Replace("[2]", "[2.0]"), 8, "'a'" },
        { Good.Replace("[2]", "[3]"), 8, "'a'" },
        { Good.Replace("[2]", "[[2]]"), 8, "'a'" },
        { Good.Replace("[2]", "[4294967296,4294967296]"), 8, "'a'" },
        { Good.Replace("[2]", "[9223372036854775807,2,2]"), 8, "'a'" },
        { Good.Replace("[2]", "[1,1,1,1,1,1,1,1,2]"), 8, "'a'" },
        { Good.Replace("[0,8]", "[8,0]"), 8, "'a'" },
        { Good.Replace("[0,8]", "[0,8,8]"), 8, "'a'" },
        { Good.Replace("[0,8]", "[0]"), 8, "'a'" },
        { Good.Replace("[0,8]", "[4,12]"), 12, "'a'" },
        { Good.Replace("[0,8]", "[9223372036854775799,9223372036854775807]"), 8, "'a'" },
        { Good.Replace("\"dtype\":\"F32\",", ""), 8, "dtype" },
        { Good.Replace("\"dtype\"", "\"extra\":1,\"dtype\""), 8, "'extra'" },
        { Good.Replace("\"dtype\"", "\"dtype\":\"F32\",\"dtype\""), 8, "dtype twice" },
        {
            Good.Replace("}}", "},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"), 8,
            "'a' is there twice"
        },
        { Good.Replace("}}", "},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}"), 12, "'b'" },
        { Good.Replace("}}", "},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]}}"), 20, "'b'" },
        { """{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}""", 2, "'a'" },
        { Good, 7, "describes" },
        { Good, 9, "describes" },
        { " " + Good, 8, "begin with '{'" },
        { Good + "\n", 8, "spaces" },
        { Good + "{}", 8, "JSON" },
        { Good[..^1], 8, "JSON" },
        { Good[..^1] + ",}", 8, "JSON" },
        { Good.Replace("\"a\"", "\"\\ud800\""), 8, "surrogate" },
        { """{"__metadata__":{"k":1}}""", 0, "'k'" },
        { """{"__metadata__":{"k":"1","k":"2"}}""", 0, "'k'" },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, "__metadata__" },
        { """{"a":[[[[[[[[[[[[1]]]]]]]]]]]]}""", 0, "'a'" },
        { "{\"" + new string('n', 600) + "\":1}", 0, "600 bytes" },
        { "", 0, "begin with '{'" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void HeaderIsRefused(string header, int dataBytes, string named) =>
        Refused(SyntheticModel.File(header, dataBytes), named);

    [Fact]
    public void LengthIsRefused()
    {
        Refused([1, 2, 3], "3 bytes");
        Refused([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, (byte)'{', (byte)'}'], "18446744073709551615");
        Refused([3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'], "only 2 follow");
        byte[] notUtf8 = SyntheticModel.File(Good, 8);
        notUtf8[10] = 0xFF;
        Refused(notUtf8, "UTF-8");
    }

    [Fact]
    public void TensorBombIsRefused()
    {
        var header = new StringBuilder("{");
        for (int i = 0; i <= SafetensorsHeader.MostTensors; i++)
            header.Append($"{(i > 0 ? "," : "")}\"{i}\":{{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}");
        Refused(SyntheticModel.File(header.Append('}').ToString(), 1), "65536", mostBytes: 40 << 20);
    }

    [Fact]
    public void PaddingAndOddStartsAreLegal()
    {
        using SafetensorsFile file = SafetensorsFile.Open(
            FileBytes.From("x.safetensors", SyntheticModel.File(Good + " ", 8)));
        TensorInfo tensor = file.Tensors["a"];
        Assert.True(tensor.Offset % 4 != 0);
        float[] values = new float[2];
        file.Find("a")!.ToFloat32(0, values);
        Assert.Equal(BitConverter.ToSingle(file.Bytes(tensor)[4..]), values[1]);
    }

    static void Refused(byte[] bytes, string named, long mostBytes = 1 << 20)
    {
        FileBytes file = FileBytes.From("x.safetensors", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var error = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(file));
        Assert.True(watch.ElapsedMilliseconds < 5_000, $"took {watch.Elapsed}");
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= mostBytes, $"{allocated} bytes allocated");
        Assert.StartsWith("x.safetensors: ", error.Message);
        Assert.Contains(named, error.Message);
        Assert.Contains("Fix: ", error.Message);
    }
}
