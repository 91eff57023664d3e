using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Tokenizer files that are wrong in every way give the typed error, soon.</summary>
public class MalformedTokenizerTests(ITestOutputHelper output)
{
    static readonly string[] s_wrong = ["-1", "1e99", "\"x\"", "[[]]", "{\"a\":{}}", "true"];

    public static TheoryData<string, string, string> Edits => new()
    {
        { "\"abc\":257", "\"abc\":256", "model.vocab" },
        { "\"abc\":257", "\"abc\":2147483647", "model.vocab" },
        { "\"abc\":257", "\"abc\":1048576", "model.vocab" },
        { "\"abc\":257", "\"\":257", "model.vocab" },
        { "\"abc\":257", "\"xyz\":257", "model.merges" },
        { "\"b c\"", "\"bc\"", "model.merges" },
        { "\"b c\"", "\"b \"", "model.merges" },
        { "\"b c\"", "[\"b\"]", "model.merges" },
        { "\"b c\"", "[\"b\",\"c\",\"d\"]", "model.merges" },
        { "\"b c\"", "[\"\",\"ab\"]", "model.merges" },
        { "\"b c\"", "[\"\",\"\"]", "model.merges" },
        { "\"b c\"", "7", "model.merges" },
        { "\"!\":33,", "", "'!'" },
        { "\"type\":\"BPE\"", "\"type\":\"Unigram\"", "model.type" },
        { "\"type\":\"ByteLevel\",\"add", "\"type\":\"Bert\",\"add", "pre_tokenizer.pretokenizers[1].type" },
        { "\"behavior\":\"Isolated\"", "\"behavior\":\"Removed\"", "behavior" },
        { "\"Regex\":\"", "\"Regex\":\"(((", "pre_tokenizer.pretokenizers[0].pattern" },
        { "\"Regex\"", "\"Rejex\"", "pre_tokenizer.pretokenizers[0].pattern" },
        { "\"normalizer\":null", "\"normalizer\":{\"type\":\"Nmt\"}", "normalizer.type" },
        { "\"normalizer\":null", "\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"\"}", "normalizer.pattern" },
        { "\"normalizer\":null", "\"normalizer\":{\"type\":\"Prepend\"}", "prepend" },
        { "\"id\":261", "\"id\":260", "added_tokens" },
        { "\"id\":261", "\"id\":-5", "added_tokens[1].id" },
        { "\"id\":261", "\"id\":1e300", "added_tokens[1].id" },
        { "\"content\":\"<think>\"", "\"content\":\"\"", "added_tokens" },
        { "\"content\":\"<think>\"", "\"content\":\"<|end|>\"", "added_tokens" },
        { "\"content\":\"<think>\"", "\"content\":\"abc\"", "added_tokens" },
        { "\"content\":\"<think>\"", "\"content\":\"\\ud800\"", "surrogate" },
        { "\"special\":true", "\"special\":1", "added_tokens[0].special" },
        { "\"model\":", "\"module\":", "model" },
        { "\"vocab\":", "\"vocabulary\":", "vocab" },
        { "\"merges\":", "\"melts\":", "merges" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void KeyIsNamed(string part, string replacement, string named)
    {
        string good = Fixtures.ByteLevel();
        Assert.Contains(part, good);
        Assert.Contains(named, Refusal("tokenizer.json", Encoding.UTF8.GetBytes(good.Replace(part, replacement))).Message);
    }

    /// <summary>Cut anywhere; every value in turn of a wrong type.</summary>
    [Fact]
    public void CutsAndWrongTypesAreRefused()
    {
        byte[] good = Encoding.UTF8.GetBytes(Fixtures.ByteLevel());
        int cases = 0;
        for (int length = 1; length < good.Length - 1; length += 37, cases++)
            Refusal("cut.json", good[..length]);
        foreach (string path in (string[])["added_tokens", "normalizer", "pre_tokenizer", "model", "model/vocab",
            "model/merges", "model/vocab/a", "added_tokens/0", "added_tokens/0/id", "added_tokens/0/content", "model/type",
            "pre_tokenizer/pretokenizers", "pre_tokenizer/pretokenizers/0", "pre_tokenizer/type", "decoder"])
        {
            foreach (string wrong in s_wrong)
            {
                // A string is right in these places, and an array where no entry is looked at.
                if (wrong == "\"x\"" && path.EndsWith("content", StringComparison.Ordinal))
                    continue;
                Refusal(path, Encoding.UTF8.GetBytes(With(path, wrong)));
                cases++;
            }
        }
        output.WriteLine($"{cases} cases");
        Assert.True(cases > 100, $"{cases} cases");
    }

    [Fact]
    public void CutBinariesAreRefused()
    {
        byte[] model = SyntheticModel.Tokenizer([("▁", -1), ("a", -2)]);
        byte[] llama2c = Llama2c();
        using (FileBytes whole = FileBytes.From("tokenizer.bin", llama2c))
            Assert.Equal(259 + 2, TokenizerFiles.Open(whole).VocabularySize);
        for (int length = 1; length < llama2c.Length - 40; length += 61)
            Refusal("tokenizer.bin", llama2c[..length]);
        int refused = 0;
        for (int length = 1; length < model.Length - 20; length += 61, refused++)
            Refusal("tokenizer.model", model[..length]);
        Assert.True(refused > 30);
    }

    [Fact]
    public void DamagedGgufVocabulariesAreRefusedOrUsable()
    {
        byte[] good = File.ReadAllBytes(Fixtures.Shared("ggml-vocab-llama-spm.gguf"));
        var random = new Random(11);
        for (int i = 0; i < 25; i++)
        {
            byte[] bad = [.. good];
            for (int flips = 0; flips < 20; flips++)
                bad[random.Next(Math.Min(bad.Length, i % 2 == 0 ? 2_000 : bad.Length))] = (byte)random.Next(256);
            OpenOrRefuse("damaged.gguf", bad);
            Refusal("cut.gguf", good[..random.Next(1, 1 << 18)]);
        }
    }

    /// <summary>Random damage to each small file: the typed error, or a tokenizer that works.</summary>
    [Fact]
    public void DamageIsRefusedOrUsable()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        byte[][] files = [Encoding.UTF8.GetBytes(Fixtures.ByteLevel()), Encoding.UTF8.GetBytes(Fixtures.Metaspace), Llama2c()];
        int refused = 0;
        for (int i = 0; i < 1_000; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            refused += OpenOrRefuse($"seed {seed}", Damage.Of(random, files[i % files.Length])) ? 0 : 1;
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 128 << 20, $"seed {seed}, case {i}");
        }
        output.WriteLine($"{refused} refused");
        Assert.True(refused > 100);
    }

    static bool OpenOrRefuse(string name, byte[] bytes)
    {
        try
        {
            Tokenizer tokenizer = TokenizerFiles.Open(FileBytes.From(name, bytes));
            tokenizer.Decode(tokenizer.Encode("a bc <s>é\n", addBos: false, parseSpecial: true));
            return true;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    static ModelFormatException Refusal(string name, byte[] bytes) =>
        Assert.Throws<ModelFormatException>(() => TokenizerFiles.Open(FileBytes.From(name, bytes)));

    static string With(string path, string wrong)
    {
        JsonNode root = JsonNode.Parse(Fixtures.ByteLevel())!, at = root;
        string[] parts = path.Split('/');
        foreach (string part in parts[..^1])
            at = at is JsonArray array ? array[int.Parse(part)]! : at[part]!;
        if (at is JsonArray items)
            items[int.Parse(parts[^1])] = JsonNode.Parse(wrong);
        else
            at[parts[^1]] = JsonNode.Parse(wrong);
        return root.ToJsonString();
    }

    static byte[] Llama2c()
    {
        List<byte> bytes = [27, 0, 0, 0];
        string[] pieces = ["<unk>", "\n<s>\n", "\n</s>\n", .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), " ", "a"];
        foreach (string piece in pieces)
        {
            byte[] head = new byte[8];
            BinaryPrimitives.WriteSingleLittleEndian(head, -1);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), Encoding.UTF8.GetByteCount(piece));
            bytes.AddRange(head);
            bytes.AddRange(Encoding.UTF8.GetBytes(piece));
        }
        return [.. bytes];
    }
}
