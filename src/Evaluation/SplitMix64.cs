namespace IlgpuDca.Evaluation;

/// <summary>
/// The generator that all prompts are drawn with: the same numbers from a seed in every process, on every machine and
/// in every version of the framework.
/// </summary>
/// <param name="seed">Any number.</param>
public sealed class SplitMix64(ulong seed)
{
    ulong _state = seed;

    /// <summary>A generator for one of many things drawn from a seed: a sample, a trial.</summary>
    public static SplitMix64 Of(ulong seed, params ReadOnlySpan<int> place)
    {
        ulong mixed = new SplitMix64(seed).Next();
        foreach (int index in place)
            mixed = new SplitMix64(mixed ^ (uint)index).Next();
        return new SplitMix64(mixed);
    }

    /// <summary>64 bits.</summary>
    public ulong Next()
    {
        ulong mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A whole number from 0 to one less than a count, all equally often.</summary>
    public int Below(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ulong most = ulong.MaxValue - ulong.MaxValue % (ulong)count;
        ulong drawn;
        do
            drawn = Next();
        while (drawn >= most);
        return (int)(drawn % (ulong)count);
    }

    /// <summary>A number from 0 to below 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Puts a list in a random order.</summary>
    public void Shuffle<T>(IList<T> list)
    {
        for (int i = list.Count - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (list[i], list[other]) = (list[other], list[i]);
        }
    }

    /// <summary>Draws different things: what was drawn before is drawn again until it is new.</summary>
    /// <param name="count">How many.</param>
    /// <param name="draw">Draws one; must have far more than count to choose from.</param>
    public T[] Distinct<T>(int count, Func<SplitMix64, T> draw)
    {
        HashSet<T> drawn = [];
        List<T> ordered = [];
        while (ordered.Count < count)
            if (draw(this) is var one && drawn.Add(one))
                ordered.Add(one);
        return [.. ordered];
    }
}
