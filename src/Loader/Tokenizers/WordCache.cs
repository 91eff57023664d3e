using System.Collections.Concurrent;

namespace IlgpuDca.Loader;

/// <summary>The ids of words seen before. Bounded, so that no text can fill the memory.</summary>
sealed class WordCache
{
    const int MostWords = 1 << 16;
    const int LongestWord = 48;

    readonly ConcurrentDictionary<string, int[]> _ids = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    int _count;

    public WordCache() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Adds the ids of a word that is known.</summary>
    public bool TryAppend(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.Length > LongestWord || !_lookup.TryGetValue(word, out int[]? known))
            return false;
        if (known.Length == 1)
            ids.Add(known[0]);
        else
            ids.AddRange(known.AsSpan());
        return true;
    }

    /// <summary>Remembers a word, whose ids are those from <paramref name="start"/> on.</summary>
    public void Remember(ReadOnlySpan<char> word, List<int> ids, int start)
    {
        if (word.Length > LongestWord || Volatile.Read(ref _count) >= MostWords)
            return;
        int[] known = [.. ids[start..]];
        if (_lookup.TryAdd(word, known))
            Interlocked.Increment(ref _count);
    }
}
