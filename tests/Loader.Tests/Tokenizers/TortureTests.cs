using System.Text;
using Xunit;

namespace IlgpuDca.Loader.Tests;

/// <summary>Every text comes back, whatever it holds.</summary>
public class TortureTests
{
    public static TheoryData<string> Names => new(Fixtures.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void TextsComeBack(string name)
    {
        Tokenizer tokenizer = Fixtures.Open(name);
        bool writesSpaceSign = name is not ("qwen3" or "bytes");
        foreach (string text in TortureTexts.All())
        {
            int[] ids = tokenizer.Encode(text, addBos: false);
            Assert.DoesNotContain(ids, tokenizer.IsControl);
            // What each kind normalises: halves of pairs, NFC by Qwen, and the sign that stands for a space.
            string expected = Surrogates.Repair(text);
            if (name == "qwen3")
                expected = CanonicalForm.Of(expected, composes: true);
            if (writesSpaceSign)
                expected = expected.Replace('▁', ' ');
            if (name == "metaspace" && expected.StartsWith(' '))
                expected = expected[1..];
            Assert.Equal(expected, tokenizer.Decode(ids));

            StreamingDecoder decoder = tokenizer.StartDecoding(continuesText: false);
            var streamed = new StringBuilder();
            foreach (int id in ids)
                streamed.Append(decoder.Append(id));
            Assert.Equal(expected, streamed.Append(decoder.Flush()).ToString());
        }
    }

    [Fact]
    public void ThereAreAThousand() => Assert.Equal(1_000, TortureTexts.All().Count());

    /// <summary>Streams never cut a character, and control tokens have no text.</summary>
    [Fact]
    public void AnyIdsDecodeWithoutCutCharacters()
    {
        var random = new Random(7);
        foreach (string name in (string[])["bytes", "metaspace", "tiny"])
        {
            Tokenizer tokenizer = Fixtures.Open(name);
            StreamingDecoder decoder = tokenizer.StartDecoding(continuesText: true);
            for (int i = 0; i < 20_000; i++)
            {
                string part = decoder.Append(random.Next(tokenizer.VocabularySize));
                Assert.Equal(part, Surrogates.Repair(part));
            }
        }
    }
}
