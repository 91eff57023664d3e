using System.Text;

namespace IlgpuDca.Loader;

/// <summary>A checked BPE vocabulary, and the symbols that a word begins as: bytes, or characters.</summary>
sealed class BpeVocabulary(Token[] tokens, IReadOnlyCollection<AddedToken> added, BpeMerges merges, int[] byteIds,
    bool isByteLevel, Dictionary<string, int> words, int? unknown, bool fusesUnknown, bool hasByteFallback)
{
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _words =
        words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All tokens by id.</summary>
    public Token[] Tokens => tokens;

    /// <summary>The tokens found before anything else.</summary>
    public IReadOnlyCollection<AddedToken> Added => added;

    public BpeMerges Merges => merges;

    public bool IsByteLevel => isByteLevel;

    public int? Unknown => unknown;

    /// <summary>
    /// Whether each word can be encoded alone with the same result, as nothing merges across its start.
    /// </summary>
    public bool CutsBeforeSpace { get; init; }

    /// <summary>The token that is the whole word, where such a word is never merged from parts; otherwise -1.</summary>
    public int Whole(ReadOnlySpan<char> word) => isByteLevel && _words.TryGetValue(word, out int id) ? id : -1;

    /// <summary>Most symbols of a word: a UTF-16 unit has at most three bytes.</summary>
    public static int MostSymbols(int units) => checked(3 * units);

    /// <summary>Writes the ids of a word's symbols, and tells how many they are.</summary>
    public int Symbols(ReadOnlySpan<char> word, Span<int> symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        int count = 0;
        bool wasUnknown = false;
        for (int at = 0; at < word.Length;)
        {
            if (isByteLevel && word[at] < 0x80)
            {
                symbols[count++] = byteIds[word[at++]];
                continue;
            }
            int units = char.IsHighSurrogate(word[at]) ? 2 : 1;
            ReadOnlySpan<char> character = word.Slice(at, units);
            at += units;
            bool isKnown = !isByteLevel && _words.TryGetValue(character, out symbols[count]);
            if (isKnown)
            {
                count++;
            }
            else if (isByteLevel || hasByteFallback)
            {
                foreach (byte value in bytes[..Encoding.UTF8.GetBytes(character, bytes)])
                    symbols[count++] = byteIds[value];
            }
            else if (!(fusesUnknown && wasUnknown))
            {
                symbols[count++] = unknown!.Value;
            }
            wasUnknown = !isKnown;
        }
        return count;
    }
}
