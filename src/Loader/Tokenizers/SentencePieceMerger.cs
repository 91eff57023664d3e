using System.Text;

namespace IlgpuDca.Loader;

/// <summary>Byte-pair encoding of one run of text: O(n log n) with a queue of merges over linked symbols.</summary>
/// <remarks>
/// Symbols begin as single characters. The adjacent pair whose union is the piece of the highest score merges first,
/// the leftmost of equals, until no union is a piece. A symbol without a piece becomes its UTF-8 bytes.
/// </remarks>
sealed class SentencePieceMerger(SentencePieceVocabulary vocabulary)
{
    /// <summary>A run of characters; length 0 once it has merged into its left neighbour.</summary>
    struct Symbol
    {
        public int Start, Length, Previous, Next;
    }

    /// <summary>A possible merge; stale when the symbols have changed, which their lengths tell.</summary>
    readonly record struct Merge(int Left, int Right, int Length);

    readonly PriorityQueue<Merge, ulong> _queue = new();
    Symbol[] _symbols = new Symbol[64];

    /// <summary>Adds the ids of the run to <paramref name="ids"/>.</summary>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        int count = Split(text);
        for (int i = 0; i + 1 < count; i++)
            Offer(text, i, i + 1);
        while (_queue.TryDequeue(out Merge merge, out _))
            Apply(text, merge);
        for (int i = 0; i >= 0; i = _symbols[i].Next)
            Emit(text.Slice(_symbols[i].Start, _symbols[i].Length), ids);
    }

    int Split(ReadOnlySpan<char> text)
    {
        if (_symbols.Length < text.Length)
            _symbols = new Symbol[Math.Max(text.Length, 2 * _symbols.Length)];
        int count = 0;
        for (int start = 0; start < text.Length; count++)
        {
            int length = char.IsHighSurrogate(text[start]) ? 2 : 1;
            _symbols[count] = new Symbol { Start = start, Length = length, Previous = count - 1, Next = count + 1 };
            start += length;
        }
        _symbols[count - 1].Next = -1;
        return count;
    }

    void Offer(ReadOnlySpan<char> text, int left, int right)
    {
        if (left < 0 || right < 0)
            return;
        int length = _symbols[left].Length + _symbols[right].Length;
        int id = vocabulary.Find(text.Slice(_symbols[left].Start, length));
        if (id >= 0)
            _queue.Enqueue(new Merge(left, right, length), Priority(vocabulary.Score(id), left));
    }

    /// <summary>
    /// One number that is smaller for a higher score, and among equal scores for a place further left.
    /// </summary>
    static ulong Priority(float score, int left)
    {
        // Adding 0 makes -0 a 0. A float's bits, with all or the sign flipped, order as unsigned numbers as floats do.
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);
        uint ascending = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return ((ulong)~ascending << 32) | (uint)left;
    }

    void Apply(ReadOnlySpan<char> text, Merge merge)
    {
        ref Symbol left = ref _symbols[merge.Left];
        ref Symbol right = ref _symbols[merge.Right];
        if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != merge.Length)
            return;
        left.Length = merge.Length;
        left.Next = right.Next;
        right.Length = 0;
        if (left.Next >= 0)
            _symbols[left.Next].Previous = merge.Left;
        Offer(text, left.Previous, merge.Left);
        Offer(text, merge.Left, left.Next);
    }

    void Emit(ReadOnlySpan<char> symbol, List<int> ids)
    {
        int id = vocabulary.Find(symbol);
        if (id >= 0)
        {
            ids.Add(id);
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        foreach (byte value in bytes[..Encoding.UTF8.GetBytes(symbol, bytes)])
            ids.Add(vocabulary.IdOfByte(value));
    }
}
