namespace IlgpuDca.Loader;

/// <summary>
/// Merges the symbols of one word: the earliest merge first, the leftmost of equals, until none is left.
/// </summary>
/// <remarks>
/// Words of few symbols are scanned for each merge; long ones have their merges in a queue over linked symbols,
/// O(n log n). Not for several threads at once.
/// </remarks>
sealed class BpeMerger(BpeVocabulary vocabulary)
{
    const int ShortWord = 48;

    /// <summary>A possible merge; stale when the ids have changed.</summary>
    readonly record struct Candidate(int Left, int Right, int LeftId, int RightId, int WholeId);

    readonly BpeMerges _merges = vocabulary.Merges;
    readonly PriorityQueue<Candidate, ulong> _queue = new();
    readonly ulong[] _ranks = new ulong[ShortWord];
    int[] _symbols = new int[256];
    int[] _previous = [], _next = [];

    /// <summary>Adds the ids of the word.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        int whole = vocabulary.Whole(word);
        if (whole >= 0)
        {
            ids.Add(whole);
            return;
        }
        int most = BpeVocabulary.MostSymbols(word.Length);
        if (_symbols.Length < most)
            _symbols = new int[most];
        int count = vocabulary.Symbols(word, _symbols);
        if (count <= ShortWord)
            ids.AddRange(_symbols.AsSpan(0, MergeShort(count)));
        else
            MergeLong(count, ids);
    }

    /// <summary>Merges in place, and tells how many symbols are left.</summary>
    int MergeShort(int count)
    {
        for (int i = 0; i + 1 < count; i++)
            _ranks[i] = _merges.Find(_symbols[i], _symbols[i + 1]);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                if (_ranks[i] < _ranks[best])
                    best = i;
            }
            if (_ranks[best] == BpeMerges.None)
                break;
            _symbols[best] = (int)(uint)_ranks[best];
            count--;
            Array.Copy(_symbols, best + 2, _symbols, best + 1, count - best - 1);
            if (best + 1 < count)
            {
                Array.Copy(_ranks, best + 2, _ranks, best + 1, count - best - 2);
                _ranks[best] = _merges.Find(_symbols[best], _symbols[best + 1]);
            }
            if (best > 0)
                _ranks[best - 1] = _merges.Find(_symbols[best - 1], _symbols[best]);
        }
        return count;
    }

    void MergeLong(int count, List<int> ids)
    {
        if (_next.Length < count)
            (_previous, _next) = (new int[count], new int[count]);
        for (int i = 0; i < count; i++)
            (_previous[i], _next[i]) = (i - 1, i + 1 < count ? i + 1 : -1);
        for (int i = 0; i + 1 < count; i++)
            Offer(i, i + 1);
        while (_queue.TryDequeue(out Candidate candidate, out _))
            Apply(candidate);
        for (int i = 0; i >= 0; i = _next[i])
            ids.Add(_symbols[i]);
    }

    void Offer(int left, int right)
    {
        if (left < 0 || right < 0)
            return;
        ulong merge = _merges.Find(_symbols[left], _symbols[right]);
        if (merge != BpeMerges.None)
            _queue.Enqueue(new Candidate(left, right, _symbols[left], _symbols[right], (int)(uint)merge),
                (merge >> 32) << 32 | (uint)left);
    }

    void Apply(Candidate candidate)
    {
        (int left, int right) = (candidate.Left, candidate.Right);
        // A symbol merged into its left neighbour is marked -1, which is no id.
        if (_symbols[left] != candidate.LeftId || _next[left] != right || _symbols[right] != candidate.RightId)
            return;
        _symbols[left] = candidate.WholeId;
        _symbols[right] = -1;
        _next[left] = _next[right];
        if (_next[left] >= 0)
            _previous[_next[left]] = left;
        Offer(_previous[left], left);
        Offer(left, _next[left]);
    }
}
