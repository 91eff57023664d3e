using System.Runtime.CompilerServices;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>Who has touched each byte of a group's shared memory. A word is one cell until part of it is touched alone.</summary>
/// <param name="bytes">Bytes of shared memory.</param>
/// <param name="actors">Who touches it.</param>
/// <param name="races">Takes accesses that nothing orders: the earlier one, the later one, the byte.</param>
sealed class ShadowMemory(long bytes, Actors actors, Action<PriorAccess, Access, int> races)
{
    const int WordBytes = sizeof(int);

    readonly ShadowCell[] _words = new ShadowCell[(bytes + WordBytes - 1) / WordBytes];

    /// <summary>For each word where its bytes' cells begin; 0 while it is whole.</summary>
    readonly int[] _parts = new int[(bytes + WordBytes - 1) / WordBytes];

    readonly TouchList _touches = new(actors);
    ShadowCell[] _bytes = new ShadowCell[64 * WordBytes];
    int _split = WordBytes;

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Array.Clear(_words);
        Array.Clear(_parts);
        _touches.Reset();
        _split = WordBytes;
    }

    /// <summary>Compares an access with those before it, and remembers it; bytes outside are left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Touch(long offset, int count, in Access access)
    {
        if (offset < 0 || offset + count > bytes)
            return;
        int first = (int)offset, end = first + count;
        while (first < end)
        {
            int word = first / WordBytes, next = (word + 1) * WordBytes;
            bool whole = first % WordBytes == 0 && next <= end;
            if (whole && _parts[word] == 0)
            {
                Touch(ref _words[word], access, first);
            }
            else
            {
                int cells = PartsOf(word) - word * WordBytes;
                for (int k = first; k < Math.Min(next, end); k++)
                    Touch(ref _bytes[cells + k], access, k);
            }
            first = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Touch(ref ShadowCell cell, in Access access, int offset)
    {
        bool writes = access.Kind == AccessKind.Write;
        // What an actor does again before it has let others know of the first time needs no comparison.
        if (writes ? cell.First == 0 && cell.Writer == access.Actor && cell.WriteEpoch == access.Epoch
            : cell.First != 0 && _touches.StartsWith(cell.First, access))
            return;
        PriorAccess? conflict = cell.WriteEpoch != 0 && !actors.IsBefore(cell.Writer, cell.WriteEpoch, access.Thread, access.Known)
            ? new PriorAccess(cell.Writer, AccessKind.Write, cell.WriteSite) : null;
        if (writes)
        {
            conflict ??= _touches.Conflict(cell.First, access);
            _touches.Clear(ref cell.First);
            (cell.Writer, cell.WriteEpoch, cell.WriteSite) = (access.Actor, access.Epoch, access.Site);
            cell.HasAtomics = false;
        }
        else if (access.Kind == AccessKind.Atomic || cell.HasAtomics || !_touches.TryJoinFirst(cell.First, access))
        {
            PriorAccess? other = _touches.Add(ref cell.First, access);
            conflict ??= other;
            cell.HasAtomics |= access.Kind == AccessKind.Atomic;
        }
        if (conflict is { } prior)
            races(prior, access, offset);
    }

    /// <summary>Where the cells of a word's bytes are: each begins with what is known of the word.</summary>
    int PartsOf(int word)
    {
        if (_parts[word] != 0)
            return _parts[word];
        if (_split + WordBytes > _bytes.Length)
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        ref ShadowCell whole = ref _words[word];
        for (int k = 0; k < WordBytes; k++)
            _bytes[_split + k] = whole with { First = _touches.Copy(whole.First) };
        _touches.Clear(ref whole.First);
        (_parts[word], _split) = (_split, _split + WordBytes);
        return _parts[word];
    }
}
