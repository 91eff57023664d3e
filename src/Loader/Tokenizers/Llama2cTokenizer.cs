using System.Buffers.Binary;
using System.Text;

namespace IlgpuDca.Loader;

/// <summary>
/// llama2.c's tokenizer.bin: the longest piece's bytes, then score, length and text of each piece, all 32 bits wide
/// and little-endian. Spaces stand for themselves, and bos and eos are written between line ends.
/// </summary>
static class Llama2cTokenizer
{
    const int LargestFile = 32 << 20;
    const int LongestPiece = 1 << 12;
    const int MostPieces = 1 << 20;
    static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the bytes; throws <see cref="ModelFormatException"/>.</summary>
    public static SentencePieceTokenizer Open(FileBytes file)
    {
        byte[] bytes = file.ToArray(LargestFile);
        ModelFormatException Fault(string what) =>
            new(file.Name, $"{what}. Fix: use the tokenizer.bin that came with the weights.");
        var pieces = new List<SentencePiece>();
        for (int at = sizeof(int); at < bytes.Length;)
        {
            if (bytes.Length - at < 2 * sizeof(int))
                throw Fault($"is cut inside the entry at byte {at}");
            float score = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at));
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + sizeof(float)));
            at += 2 * sizeof(int);
            if (length is < 1 or > LongestPiece || length > bytes.Length - at)
                throw Fault($"has piece {pieces.Count} with {length} bytes before byte {at}, expected 1 to "
                    + $"{Math.Min(LongestPiece, bytes.Length - at)}");
            if (!float.IsFinite(score))
                throw Fault($"has piece {pieces.Count} with the score {score}, expected a number");
            if (pieces.Count == MostPieces)
                throw Fault($"has more than {MostPieces} pieces");
            pieces.Add(Piece(pieces.Count, Text(bytes.AsSpan(at, length)), score));
            at += length;
        }
        if (pieces.Count < 3)
            throw Fault($"has {pieces.Count} pieces, expected at least those for the unknown, bos and eos");
        return SentencePieceTokenizer.Create(new SentencePieceData(pieces, BosId: 1, EosId: 2, AddsPrefix: true,
            Fault));

        string Text(ReadOnlySpan<byte> piece)
        {
            try
            {
                return s_strictUtf8.GetString(piece);
            }
            catch (DecoderFallbackException)
            {
                throw Fault($"has piece {pieces.Count}, which is not valid UTF-8");
            }
        }
    }

    static SentencePiece Piece(int id, string text, float score)
    {
        TokenKind kind = SentencePieceData.KindOf(id, text);
        string spelling = kind == TokenKind.Control ? text.Trim('\n')
            : text.Replace(' ', SentencePieceVocabulary.Space);
        return new SentencePiece(spelling, score, kind);
    }
}
