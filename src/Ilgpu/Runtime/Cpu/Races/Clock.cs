using System.Numerics;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>
/// A vector clock that never changes, so that all who know the same share one: for each actor (<see cref="Actors"/>) the last of its
/// epochs whose accesses come before.
/// </summary>
/// <param name="epochs">By actor; an actor beyond the end has 0, before its first.</param>
/// <param name="threads">How many of the first actors are threads.</param>
sealed class Clock(int[] epochs, int threads)
{
    public static readonly Clock Zero = new([], 0);

    readonly int[] _epochs = epochs;

    /// <summary>The earliest epoch of all threads: what any of them did up to it comes before.</summary>
    public int Floor { get; } = threads == 0 || epochs.Length < threads ? 0 : Minimum(epochs.AsSpan(0, threads));

    public ReadOnlySpan<int> Epochs => _epochs;

    public int this[int actor] => (uint)actor < (uint)_epochs.Length ? _epochs[actor] : 0;

    /// <summary>The same with all epochs of an actor up to one.</summary>
    public Clock With(int actor, int epoch)
    {
        if (this[actor] >= epoch)
            return this;
        int[] epochs = new int[Math.Max(_epochs.Length, actor + 1)];
        _epochs.CopyTo(epochs, 0);
        epochs[actor] = epoch;
        return new Clock(epochs, threads);
    }

    /// <summary>What comes before either.</summary>
    public static Clock Join(Clock a, Clock b, int threads)
    {
        if (a.Contains(b))
            return a;
        if (b.Contains(a))
            return b;
        int[] epochs = new int[Math.Max(a._epochs.Length, b._epochs.Length)];
        a._epochs.CopyTo(epochs, 0);
        Raise(epochs, b._epochs);
        return new Clock(epochs, threads);
    }

    /// <summary>What comes before both.</summary>
    public static Clock Meet(Clock a, Clock b, int threads)
    {
        if (ReferenceEquals(a, b) || b.Contains(a))
            return a;
        if (a.Contains(b))
            return b;
        int[] epochs = new int[Math.Min(a._epochs.Length, b._epochs.Length)];
        for (int actor = 0; actor < epochs.Length; actor++)
            epochs[actor] = Math.Min(a._epochs[actor], b._epochs[actor]);
        return new Clock(epochs, threads);
    }

    /// <summary>Raises epochs to those of a clock; the target is at least as long.</summary>
    public static void Raise(Span<int> target, ReadOnlySpan<int> source)
    {
        int k = 0;
        for (; k <= source.Length - Vector<int>.Count; k += Vector<int>.Count)
            Vector.Max(new Vector<int>(target[k..]), new Vector<int>(source[k..])).CopyTo(target[k..]);
        for (; k < source.Length; k++)
            target[k] = Math.Max(target[k], source[k]);
    }

    bool Contains(Clock other)
    {
        if (ReferenceEquals(this, other))
            return true;
        ReadOnlySpan<int> own = _epochs, others = other._epochs;
        if (others.Length > own.Length)
            return false;
        int k = 0;
        for (; k <= others.Length - Vector<int>.Count; k += Vector<int>.Count)
            if (Vector.LessThanAny(new Vector<int>(own[k..]), new Vector<int>(others[k..])))
                return false;
        for (; k < others.Length; k++)
            if (own[k] < others[k])
                return false;
        return true;
    }

    static int Minimum(ReadOnlySpan<int> values)
    {
        int minimum = int.MaxValue;
        foreach (int value in values)
            minimum = Math.Min(minimum, value);
        return minimum;
    }
}
