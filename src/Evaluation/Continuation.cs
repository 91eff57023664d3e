using IlgpuDca.Loader;

namespace IlgpuDca.Evaluation;

/// <summary>The ids of an answer where it continues a text.</summary>
static class Continuation
{
    /// <summary>
    /// Encodes a text and its continuation together and parts the ids where the text alone ends, so that the answer's ids are those
    /// which a model would write. Where a piece spans the border, it belongs to the answer.
    /// </summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="text">What stands before.</param>
    /// <param name="answer">What follows, with the space that parts them.</param>
    /// <param name="addBos">Whether the text begins with the id that begins texts.</param>
    /// <param name="parseSpecial">Whether spellings of control tokens become their ids.</param>
    public static (int[] Text, int[] Answer) Encode(ITokenizer tokenizer, string text, string answer, bool addBos,
        bool parseSpecial = false)
    {
        int[] alone = tokenizer.Encode(text, addBos, parseSpecial), both = tokenizer.Encode(text + answer, addBos, parseSpecial);
        int border = alone.AsSpan().CommonPrefixLength(both);
        return (both[..border], both[border..]);
    }
}
