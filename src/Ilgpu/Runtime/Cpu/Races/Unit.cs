namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>An actor that works beside threads: each of its operations is an epoch of its own, over when it has been waited for.</summary>
/// <param name="kind">What it does.</param>
/// <param name="actor">Its place in clocks.</param>
/// <param name="thread">Who waits for it; -1 where whoever sees its end may.</param>
sealed class Unit(UnitKind kind, int actor, int thread)
{
    readonly List<int> _commits = [];

    public UnitKind Kind => kind;

    public int Actor => actor;

    public int Thread => thread;

    /// <summary>Its latest operation; the first is 1.</summary>
    public int Epoch { get; private set; }

    /// <summary>The latest operation that <see cref="Thread"/> has waited for.</summary>
    public int Awaited { get; private set; }

    /// <summary>Begins an operation.</summary>
    public int Begin() => ++Epoch;

    /// <summary>Operations since the last commit become a group.</summary>
    public void Commit() => _commits.Add(Epoch);

    /// <summary>The last operation of the first so many groups.</summary>
    public int EpochOf(int groups) => groups <= 0 ? 0 : _commits[Math.Min(groups, _commits.Count) - 1];

    /// <summary>Its thread has waited for all but the latest so many groups.</summary>
    public void Await(int pending) => Awaited = Math.Max(Awaited, EpochOf(_commits.Count - pending));
}
