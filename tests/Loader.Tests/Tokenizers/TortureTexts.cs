using System.Text;

namespace IlgpuDca.Loader.Tests;

/// <summary>A thousand texts that break tokenizers, from a fixed seed.</summary>
static class TortureTexts
{
    const int Count = 1_000;

    static readonly string[] s_parts =
    [
        "<s>", "</s>", "<unk>", "<0x0A>", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|end|>", "[INST]", "<|eot_id|>",
        "<think>", "\r\n", "\r", "\n\n\n", "\0", "\t", " ", "  ", "\u00A0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202F",
        "\u3000", "\u200B", "\uFEFF", "\u0085", "▁", "Ġ", "\uFFFD", "e\u0301", "a\u0323\u0307", "\u0307\u0323", "Å", "한글", "각",
        "\u1112\u1161\u11AB", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇫🇷", "नि", "ก็", "שלום", "السلام", "I'll", "we'RE", "it'ſ", "'", "''s",
        "12345678", "٣٤٥", "Ⅷ", "½", "\uD800", "\uDFFF", "\uDC00\uD800", "𝐀𝐛", "𠀀", "\U000E0001", "\U0010FFFF", "\uE000",
        "don't", "HELLO", "straße", "ﬁ", "\u212B", "\u0958", "\uFB1D",
    ];

    /// <summary>The same texts each time.</summary>
    public static IEnumerable<string> All()
    {
        var random = new Random(20_260_601);
        foreach (string part in s_parts)
            yield return part;
        foreach (string part in s_parts)
            yield return string.Concat(Enumerable.Repeat(part, 500));
        for (int i = 2 * s_parts.Length; i < Count; i++)
        {
            var text = new StringBuilder();
            for (int part = random.Next(1, 30); part > 0; part--)
                text.Append(Part(random));
            yield return text.ToString();
        }
    }

    static string Part(Random random) => random.Next(5) switch
    {
        0 => s_parts[random.Next(s_parts.Length)],
        1 => new string((char)random.Next(0x80), random.Next(1, 9)),
        2 => ((char)random.Next(0x10000)).ToString(),
        3 => RuneOf(random.Next(17) << 16 | random.Next(0x10000)),
        _ => s_parts[random.Next(s_parts.Length)] + (char)random.Next('a', 'z'),
    };

    static string RuneOf(int value) => Rune.IsValid(value) ? new Rune(value).ToString() : "?";
}
