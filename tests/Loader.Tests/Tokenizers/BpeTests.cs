using Xunit;

namespace IlgpuDca.Loader.Tests;

public class BpeTests
{
    [Fact]
    public void EarliestMergeFirstThenLeftmost()
    {
        Tokenizer tokenizer = Fixtures.Json(Fixtures.ByteLevel());
        Assert.Equal(["a", "bc"], Pieces(tokenizer, "abc"));
        Assert.Equal(["ab", "ab", "Ġa"], Pieces(tokenizer, "abab a"));
        Assert.Equal(["abc"], Pieces(Fixtures.Json(Fixtures.ByteLevel(more: "\"ignore_merges\":true,")), "abc"));
    }

    /// <summary>Words of many symbols take another path, with the same result.</summary>
    [Fact]
    public void LongWordsMergeAsShortOnes()
    {
        Tokenizer tokenizer = Fixtures.Json(Fixtures.ByteLevel());
        var random = new Random(3);
        for (int length = 30; length < 90; length++)
        {
            string word = string.Concat(Enumerable.Range(0, length).Select(_ => "abcabx"[random.Next(6)]));
            // b c before a b before (ab) c: what is left of "abc" is a, bc; an ab is one that no c follows.
            string expected = word.Replace("bc", "B").Replace("ab", "A");
            Assert.Equal(expected.Select(c => c switch { 'A' => "ab", 'B' => "bc", _ => c.ToString() }),
                Pieces(tokenizer, word));
        }
    }

    [Fact]
    public void ControlTokensAreParsedWhenAsked()
    {
        Tokenizer tokenizer = Fixtures.Json(Fixtures.ByteLevel());
        Assert.Equal([260], tokenizer.Encode("<|end|>", addBos: false, parseSpecial: true));
        Assert.Equal(7, tokenizer.Encode("<|end|>", addBos: false).Length);
        Assert.Equal([261], tokenizer.Encode("<think>", addBos: false));
        Assert.Equal(260, tokenizer.FindSpecial("<|end|>"));
        Assert.Contains(260, tokenizer.EndIds);
        Assert.Equal("", tokenizer.Decode([260]));
    }

    [Fact]
    public void AddedTokensStripAndKeepToWords()
    {
        var added = new AddedTokens([new AddedToken(1, "<a>", true, StripsLeft: true, StripsRight: true),
            new AddedToken(2, "ab", false, IsWholeWord: true), new AddedToken(3, "<a><a>", true)]);
        Assert.Equal(new AddedTokenMatch(1, 1, 8), added.Next("x  <a>  y", 0, parsesControl: true));
        Assert.Null(added.Next("x<a>y", 0, parsesControl: false));
        Assert.Equal(new AddedTokenMatch(2, 4, 6), added.Next("cab ab", 0, parsesControl: false));
        Assert.Equal(new AddedTokenMatch(3, 0, 6), added.Next("<a><a>", 0, parsesControl: true));
    }

    /// <summary>The scanners cut as .NET's own expressions do, which know the same characters below U+10000.</summary>
    [Theory]
    [InlineData(PatternSplitter.Gpt2Pattern)]
    [InlineData(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    [InlineData(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    public void ScannersCutAsTheirPatterns(string pattern)
    {
        PatternSplitter scanner = PatternSplitter.For(pattern)!;
        var regex = new RegexSplitter(pattern, what => throw new InvalidOperationException(what));
        foreach (string torture in TortureTexts.All())
        {
            // .NET does not count U+017F among the cases of s.
            string text = Surrogates.Repair(torture).Replace('ſ', 's');
            List<int> scanned = [], matched = [];
            scanner.Split(text, 0, text.Length, scanned);
            regex.Split(text, 0, text.Length, matched);
            Assert.Equal(matched, scanned);
        }
    }

    /// <summary>Examples of Unicode's own text on normalization (UAX 15).</summary>
    [Theory]
    [InlineData("\u212B", "\u00C5", "A\u030A")]
    [InlineData("\u2126", "\u03A9", "\u03A9")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323", "\u017F\u0323\u0307")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307", "d\u0323\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")]
    [InlineData("\uFB01", "\uFB01", "\uFB01")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C", "\u1112\u1161\u11AB")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    public void NormalizationIsUnicodes(string text, string composed, string decomposed)
    {
        Assert.Equal(composed, CanonicalForm.Of(text, composes: true));
        Assert.Equal(decomposed, CanonicalForm.Of(text, composes: false));
    }

    /// <summary>GGUF's names of patterns.</summary>
    [Theory]
    [InlineData("default", "x+=12345", "x|+=|123|45")]
    [InlineData("gpt-2", "x+=12345", "x|+=|12345")]
    [InlineData("llama-bpe", "x+=12345", "x|+=|123|45")]
    [InlineData("qwen2", "x+=12345", "x|+=|1|2|3|4|5")]
    public void GgufPatternsCut(string name, string text, string expected)
    {
        List<int> ends = [];
        BpePattern.OfGguf(name)!.Splitter.Split(text, 0, text.Length, ends);
        Assert.Equal(expected, string.Join('|', ends.Select((end, i) => text[(i == 0 ? 0 : ends[i - 1])..end])));
    }

    static IEnumerable<string> Pieces(Tokenizer tokenizer, string text) =>
        tokenizer.Encode(text, addBos: false).Select(tokenizer.PieceText);
}
