namespace IlgpuDca.Verification;

/// <summary>A check's random numbers. The check's name is their seed, so that a failure comes back whenever the check is run.</summary>
sealed class Inputs(string name)
{
    readonly Random _random = new(SeedOf(name));

    /// <summary>What the generator started from.</summary>
    public int Seed { get; } = SeedOf(name);

    /// <summary>Normally distributed values.</summary>
    public float[] Normal(long count, double deviation = 1, double mean = 0)
    {
        float[] values = new float[count];
        for (long i = 0; i < count; i++)
            values[i] = (float)(mean + deviation * Normal());
        return values;
    }

    /// <summary>Evenly distributed integers from 0 to below - 1.</summary>
    public int[] Integers(int count, int below)
    {
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
            values[i] = _random.Next(below);
        return values;
    }

    /// <summary>The numbers from 0 to count - 1 in random order.</summary>
    public int[] Permutation(int count)
    {
        int[] values = [.. Enumerable.Range(0, count)];
        _random.Shuffle(values);
        return values;
    }

    double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>FNV-1a: the same on every machine and in every run, which string.GetHashCode is not.</summary>
    static int SeedOf(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name)
            hash = (hash ^ c) * 16777619;
        return (int)(hash & int.MaxValue);
    }
}
