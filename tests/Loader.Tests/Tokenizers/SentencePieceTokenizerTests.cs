using System.Diagnostics;
using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

public class SentencePieceTokenizerTests(ITestOutputHelper output)
{
    static SentencePieceTokenizer Tiny() =>
        SentencePieceTokenizer.Open(Path.Combine(Repository.TinyModel, "tokenizer.model"));

    static SentencePieceTokenizer Synthetic(params (string, float)[] normal) =>
        SentencePieceTokenizer.Open(FileBytes.From("tokenizer.model", SyntheticModel.Tokenizer(normal)));

    public static TheoryData<string> Texts => new(
        "", " ", "  ", "The old man looked at the sea and", " leading", "trailing ", "a  b   c", "\n\t\r\0",
        "12345 0.5",
        "naïve café", "日本語テキスト", "😀👩‍👩‍👧‍👦🏳️‍🌈", "</s><s><unk><0x0A>", "xyz",
        "\u00A0\u200B\uFEFF", new string('a', 999));

    [Theory]
    [MemberData(nameof(Texts))]
    public void TextComesBack(string text)
    {
        SentencePieceTokenizer tokenizer = Tiny();
        int[] ids = tokenizer.Encode(text, addBos: true);
        Assert.Equal(1, ids[0]);
        Assert.Equal(text, tokenizer.Decode(ids));
        Assert.DoesNotContain(ids[1..], id => id < 3);

        StreamingDecoder decoder = tokenizer.StartDecoding(continuesText: false);
        var streamed = new StringBuilder();
        foreach (int id in ids)
        {
            string part = decoder.Append(id);
            Assert.DoesNotContain('\uFFFD', part);
            Assert.True(part.Length == 0 || !char.IsLowSurrogate(part[0]) && !char.IsHighSurrogate(part[^1]));
            streamed.Append(part);
        }
        Assert.Equal(text, streamed.Append(decoder.Flush()).ToString());
    }

    [Fact]
    public void ContinuationKeepsItsLeadingSpace()
    {
        SentencePieceTokenizer tokenizer = Tiny();
        int[] prompt = tokenizer.Encode("The old man", addBos: true);
        int[] whole = tokenizer.Encode("The old man saw that", addBos: true);
        Assert.Equal(prompt, whole[..prompt.Length]);
        StreamingDecoder decoder = tokenizer.StartDecoding(continuesText: true);
        Assert.Equal(" saw that", string.Concat(whole[prompt.Length..].Select(decoder.Append)) + decoder.Flush());
    }

    /// <summary>models/tiny/README.md: the passkey's answer is a space piece and five digits.</summary>
    [Fact]
    public void DigitsAreSplit()
    {
        SentencePieceTokenizer tokenizer = Tiny();
        int[] question = tokenizer.Encode("What is the pass key? The pass key is", addBos: false);
        int[] answered = tokenizer.Encode("What is the pass key? The pass key is 48213", addBos: false);
        Assert.Equal(question, answered[..question.Length]);
        Assert.Equal(["▁", "4", "8", "2", "1", "3"], answered[question.Length..].Select(tokenizer.PieceText));
    }

    [Fact]
    public void BestScoreMergesFirstThenLeftmost()
    {
        SentencePieceTokenizer tokenizer = Synthetic(
            ("▁", -9), ("a", -9), ("b", -9), ("c", -9), ("ab", -2), ("bc", -1), ("aa", -3), ("▁a", -5), ("cc", 1), ("bcc", 2));
        Assert.Equal(["▁a", "bc"], tokenizer.Encode("abc", false).Select(tokenizer.PieceText));
        Assert.Equal(["▁", "b", "aa", "a"], tokenizer.Encode("baaa", false).Select(tokenizer.PieceText));
        Assert.Equal(["▁", "bcc"], tokenizer.Encode("bcc", false).Select(tokenizer.PieceText));
        Assert.Equal(["▁", "ab", "ab"], tokenizer.Encode("abab", false).Select(tokenizer.PieceText));
    }

    /// <summary>A piece with a space inside forbids cutting at words; the result must honour it.</summary>
    [Fact]
    public void PieceAcrossWordsIsFound()
    {
        SentencePieceTokenizer tokenizer = Synthetic(("▁", -9), ("a", -9), ("b", -9), ("a▁", -1), ("a▁b", -2));
        Assert.Equal(["▁", "a▁b"], tokenizer.Encode("a b", false).Select(tokenizer.PieceText));
    }

    [Fact]
    public void BrokenBytesBecomeReplacements()
    {
        SentencePieceTokenizer tokenizer = Synthetic(("a", 0));
        int Byte(int value) => 3 + value;
        Assert.Equal("\uFFFD\uFFFD€a", tokenizer.Decode(
            [Byte(0xE2), Byte(0x82), Byte(0xE2), Byte(0x82), Byte(0xAC), 259]));
        Assert.Equal("a\uFFFD\uFFFD", tokenizer.Decode([259, Byte(0xE2), Byte(0x82)]));
        Assert.Equal("\uFFFDa", tokenizer.Decode([Byte(0xFF), 259]));
        Assert.Equal(" ⁇ a", tokenizer.Decode([1, 0, 259, 2]));
        Assert.Equal([Byte(0xEF), Byte(0xBF), Byte(0xBD)], tokenizer.Encode("\ud800", false)[3..]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode([260]));
    }

    /// <summary>Text, and runs without a place to cut; a quadratic merge would take minutes.</summary>
    [Fact]
    public void MegabyteTakesSeconds()
    {
        SentencePieceTokenizer tokenizer = Tiny();
        var text = new StringBuilder();
        while (text.Length < 1 << 20)
            text.Append($"The grass is green, {text.Length} times. Здравствуй ");
        foreach (string input in (string[])[text.ToString(), new string('e', 1 << 20), new string(' ', 1 << 20)])
        {
            var watch = Stopwatch.StartNew();
            int[] ids = tokenizer.Encode(input, addBos: false);
            output.WriteLine($"{watch.ElapsedMilliseconds} ms, {ids.Length} ids");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed} for '{input[..9]}…'");
            Assert.Equal(input, tokenizer.Decode(ids));
        }
    }

    [Fact]
    public void LlamaVectorsPass()
    {
        string vectors = Repository.Shared("fixtures", "tokenizers", "vectors");
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.Open(
            Repository.Shared("fixtures", "tokenizers", "llama2", "tokenizer.model"));
        Assert.Equal((32_000, 1, 2, 0), (tokenizer.VocabularySize, tokenizer.BosId, tokenizer.EosId, tokenizer.UnkId));
        string[] inputs = File.ReadAllText(Path.Combine(vectors, "ggml-vocab-llama-spm.gguf.inp"))
            .Split("\n__ggml_vocab_test__\n")[..^1];
        string[] outputs = File.ReadAllText(Path.Combine(vectors, "ggml-vocab-llama-spm.gguf.out"))
            .Split('\n')[..^1];
        Assert.True(outputs.Length > 30);
        Assert.Equal(outputs.Length, inputs.Length);
        for (int i = 0; i < outputs.Length; i++)
        {
            int[] expected = [.. outputs[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            Assert.Equal(expected, tokenizer.Encode(inputs[i], addBos: false));
        }
    }

    public static TheoryData<string, byte[], string> Malformed => new()
    {
        { "garbage", Encoding.UTF8.GetBytes("this is no model"), "SentencePiece" },
        { "cut", SyntheticModel.Tokenizer([("a", 0)])[..^3], "damaged near" },
        { "huge length", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07], "cut" },
        { "field past its message", [0x0A, 0x03, 0x0A, 0x7F, 0x41], "SentencePiece" },
        { "no pieces", [0x12, 0x00], "no pieces" },
        { "unigram", SyntheticModel.Tokenizer([("a", 0)], modelType: 1), "model type 1" },
        { "no fallback", SyntheticModel.Tokenizer([("a", 0)], byteFallback: false), "byte_fallback" },
        { "normalises", SyntheticModel.Tokenizer([("a", 0)], removesWhitespace: true), "remove_extra_whitespaces" },
        { "lacks bytes", SyntheticModel.Tokenizer([("a", 0)], bytePieces: 255), "'<0xFF>'" },
        { "NaN", SyntheticModel.Tokenizer([("a", float.NaN)]), "'a' has the score NaN" },
        { "twice", SyntheticModel.Tokenizer([("a", 0), ("a", 1)]), "'a' twice" },
        { "empty piece", SyntheticModel.Tokenizer([("", 0)]), "piece 259 is empty" },
        { "bos is normal", SyntheticModel.Tokenizer([("a", 0)], bosId: 259), "bos_id 259" },
        { "bos is far", SyntheticModel.Tokenizer([("a", 0)], bosId: 1 << 30), "bos_id 1073741824" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void ModelIsRefused(string what, byte[] bytes, string named)
    {
        FileBytes file = FileBytes.From("tokenizer.model", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ModelFormatException>(() => SentencePieceTokenizer.Open(file));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20, what);
        Assert.StartsWith("tokenizer.model: ", error.Message);
        Assert.Contains(named, error.Message);
    }
}
