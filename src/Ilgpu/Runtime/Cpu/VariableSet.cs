using System.Numerics;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>A set of variables of one kernel, one bit each.</summary>
sealed class VariableSet(int count)
{
    readonly ulong[] _words = new ulong[(count + 63) / 64];

    /// <summary>The indices of the variables in it, ascending.</summary>
    public IEnumerable<int> Indices
    {
        get
        {
            for (int word = 0; word < _words.Length; word++)
                for (ulong rest = _words[word]; rest != 0; rest &= rest - 1)
                    yield return word * 64 + BitOperations.TrailingZeroCount(rest);
        }
    }

    public void Add(Variable variable) => _words[variable.Index >> 6] |= 1UL << variable.Index;

    public void Remove(Variable variable) => _words[variable.Index >> 6] &= ~(1UL << variable.Index);

    /// <summary>Adds all of another set.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool Unite(VariableSet other)
    {
        bool changed = false;
        for (int word = 0; word < _words.Length; word++)
        {
            ulong united = _words[word] | other._words[word];
            changed |= united != _words[word];
            _words[word] = united;
        }
        return changed;
    }

    public bool Overlaps(VariableSet other)
    {
        for (int word = 0; word < _words.Length; word++)
            if ((_words[word] & other._words[word]) != 0)
                return true;
        return false;
    }

    public VariableSet Clone()
    {
        VariableSet copy = new(count);
        _words.CopyTo(copy._words, 0);
        return copy;
    }
}
