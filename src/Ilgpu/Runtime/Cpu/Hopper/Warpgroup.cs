using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// The multiplications of a warpgroup in the order in which its threads issue them. One is performed when all 128 have come to it: then,
/// or when the first of them waits for it.
/// </summary>
sealed unsafe class Warpgroup(GroupUnits units, int firstThread)
{
    const int Threads = WarpgroupProduct.Threads;

    readonly List<Multiplication> _queue = [];
    readonly Stack<Multiplication> _spare = new();
    readonly int[] _issued = new int[Threads];
    readonly int[] _commits = new int[Threads];
    readonly int[] _awaited = new int[Threads];
    readonly bool[] _fenced = new bool[Threads];
    readonly Caller?[] _uncommitted = new Caller?[Threads];
    readonly Caller[] _latestCommit = new Caller[Threads];
    int _done;
    int _groupsDone;

    public void Reset()
    {
        foreach (Multiplication multiplication in _queue)
            _spare.Push(multiplication);
        _queue.Clear();
        foreach (int[] counts in (int[][])[_issued, _commits, _awaited])
            Array.Clear(counts);
        Array.Clear(_fenced);
        Array.Clear(_uncommitted);
        (_done, _groupsDone) = (0, 0);
    }

    public void Fence(Caller caller) => _fenced[caller.Thread - firstThread] = true;

    public void Multiply(Caller caller, nint sums, nint words, ulong a, ulong b, bool accumulate)
    {
        int thread = caller.Thread - firstThread;
        if (units.IsChecked && !_fenced[thread])
            throw units.Fault(caller, "a multiplication without Wgmma.Fence since the thread began or last waited; call it before the "
                + "first multiplication of a series");
        Multiplication multiplication = Next(caller, isCommit: false, a, b, accumulate);
        multiplication.Sums[thread] = sums;
        multiplication.Words[thread] = words;
        multiplication.Before = units.Races?.Issue(caller.Thread, multiplication.Before);
        _uncommitted[thread] = caller;
        if (units.Timing == AsynchronousTiming.AtWait)
            PoisonFirst(thread, sums);
        Arrive(multiplication);
    }

    public void Commit(Caller caller)
    {
        int thread = caller.Thread - firstThread;
        Multiplication commit = Next(caller, isCommit: true, 0, 0, false);
        units.Races?.CommitMultiplications(caller.Thread);
        _commits[thread]++;
        (_uncommitted[thread], _latestCommit[thread]) = (null, caller);
        Arrive(commit);
    }

    /// <summary>A thread is about to wait.</summary>
    /// <returns>How many groups must be done before it goes on.</returns>
    public int Wait(Caller caller, int pending)
    {
        int thread = caller.Thread - firstThread;
        _fenced[thread] = false;
        return _awaited[thread] = Math.Max(_awaited[thread], _commits[thread] - pending);
    }

    /// <summary>Whether so many groups are done, after what can be done for it.</summary>
    public bool IsDone(int groups)
    {
        while (_groupsDone < groups && _queue.Count > 0 && _queue[0].IsComplete)
            PerformFirst();
        return _groupsDone >= groups;
    }

    public string Describe(int groups) => _queue.Count == 0 ? $"{groups} groups of multiplications"
        : $"{groups} groups of multiplications, of which {_groupsDone} are done; {_queue[0].Arrived} of the warpgroup's {Threads} "
            + $"threads have come to the one at {units.Where(_queue[0].Caller)}";

    /// <summary>Nothing may be in flight.</summary>
    public void Finish()
    {
        for (int thread = 0; thread < Threads; thread++)
        {
            if (_uncommitted[thread] is { } multiplication)
                throw units.Fault(multiplication, "the thread ends before this multiplication is committed; call Wgmma.Commit and "
                    + "Wgmma.Wait(0)");
            if (_awaited[thread] < _commits[thread])
                throw units.Fault(_latestCommit[thread], $"the thread ends with {_commits[thread] - _awaited[thread]} "
                    + "groups of multiplications in flight; call Wgmma.Wait(0)");
        }
    }

    Multiplication Next(Caller caller, bool isCommit, ulong a, ulong b, bool accumulate)
    {
        int thread = caller.Thread - firstThread, index = _issued[thread]++ - _done;
        if (index == _queue.Count)
        {
            Multiplication added = _spare.TryPop(out Multiplication? spare) ? spare : new Multiplication();
            added.Begin(caller, isCommit ? null : units.InfoOf(caller.Site), a, b, accumulate);
            _queue.Add(added);
            return added;
        }
        Multiplication known = _queue[index];
        if (!known.IsSame(caller, a, b, accumulate))
            throw units.Fault(caller, $"thread {thread} of its warpgroup comes with other operands ({new MatrixDescriptor(a)}, "
                + $"{new MatrixDescriptor(b)}, {(accumulate ? "accumulating" : "not accumulating")}) than thread "
                + $"{known.Caller.Thread - firstThread} ({new MatrixDescriptor(known.A)}, {new MatrixDescriptor(known.B)}, "
                + $"{(known.Accumulate ? "accumulating" : "not accumulating")}) at {units.Where(known.Caller)}; all 128 must agree");
        return known;
    }

    void Arrive(Multiplication multiplication)
    {
        multiplication.Arrived++;
        if (multiplication.IsComplete)
            Check(multiplication);
        while (units.Timing == AsynchronousTiming.AtIssue && _queue.Count > 0 && _queue[0].IsComplete)
            PerformFirst();
    }

    /// <summary>All have come. What threads wrote to the operands must be visible to the tensor cores, and nobody may be writing.</summary>
    void Check(Multiplication multiplication)
    {
        int warpgroup = firstThread / Threads;
        if (multiplication.Info is not { } info)
        {
            units.Races?.CompleteCommit(warpgroup);
            return;
        }
        units.Races?.Multiply(multiplication.Caller, warpgroup, Pieces(multiplication, info), multiplication.Before!);
        if (!units.IsChecked)
            return;
        foreach (int piece in Pieces(multiplication, info))
            units.CheckFenced(multiplication.Caller, piece);
    }

    /// <summary>Where the 16 bytes of the operands are.</summary>
    static IEnumerable<int> Pieces(Multiplication multiplication, HopperInfo info)
    {
        MatrixDescriptor a = new(multiplication.A), b = new(multiplication.B);
        for (int piece = 0; info.Operation == HopperOperation.Multiply && piece < 2 * WarpgroupProduct.Rows; piece++)
            yield return a.AlongK(piece / 2, piece % 2);
        for (int piece = 0; piece < 2 * info.Size; piece++)
            yield return info.TransposeB
                ? b.AlongColumns(piece % WarpgroupProduct.Depth, piece / WarpgroupProduct.Depth) : b.AlongK(piece / 2, piece % 2);
    }

    void PerformFirst()
    {
        Multiplication first = _queue[0];
        _queue.RemoveAt(0);
        _done++;
        if (first.Info == null)
            _groupsDone++;
        else
            Perform(first, first.Info);
        _spare.Push(first);
    }

    void Perform(Multiplication multiplication, HopperInfo info)
    {
        WarpgroupProduct product = WarpgroupProduct.OfThisThread;
        MatrixDescriptor b = new(multiplication.B);
        fixed (nint* sums = multiplication.Sums, words = multiplication.Words)
        {
            multiplication.Restore();
            if (info.IsFloat8)
            {
                PerformFloat8(product, multiplication, info, sums, words);
            }
            else
            {
                if (info.Operation == HopperOperation.MultiplyRegisters)
                    product.ReadA(words);
                else
                    Check(multiplication.Caller, new MatrixDescriptor(multiplication.A),
                        product.ReadA(units.Shared, units.SharedBytes, new MatrixDescriptor(multiplication.A)));
                Check(multiplication.Caller, b, product.ReadB(units.Shared, units.SharedBytes, b, info.Size, info.TransposeB));
                product.Run(sums, info.Size, multiplication.Accumulate);
            }
        }
        if (units.Timing == AsynchronousTiming.AtWait)
            for (int thread = 0; thread < Threads; thread++)
                PoisonFirst(thread, multiplication.Sums[thread]);
    }

    /// <summary>32 bytes of a row are the same pieces as 16 bfloat16; each of the two is 16 elements.</summary>
    void PerformFloat8(
        WarpgroupProduct product, Multiplication multiplication, HopperInfo info, nint* sums, nint* words)
    {
        MatrixDescriptor a = new(multiplication.A), b = new(multiplication.B);
        for (int half = 0; half < 2; half++)
        {
            if (info.Operation == HopperOperation.MultiplyRegisters)
                product.ReadFloat8A(words, half);
            else
                Check(multiplication.Caller, a, product.ReadFloat8A(units.Shared, units.SharedBytes, a, half));
            Check(multiplication.Caller, b, product.ReadFloat8B(units.Shared, units.SharedBytes, b, info.Size, half));
            product.Run(sums, info.Size, half > 0 || multiplication.Accumulate);
        }
    }

    /// <summary>The first multiplication in flight with these sums keeps them.</summary>
    void PoisonFirst(int thread, nint sums)
    {
        Multiplication? first = _queue.Find(multiplication => multiplication.Info != null && multiplication.Sums[thread] == sums);
        if (first is { } && !first.IsPoisoned(thread))
            first.Poison(thread);
    }

    void Check(Caller caller, MatrixDescriptor descriptor, int outside)
    {
        if (outside != -1)
            throw units.Fault(caller, $"{descriptor} leads to byte {outside} of {units.SharedBytes} of shared memory");
        if (descriptor.Mistake() is { } mistake)
            throw units.Fault(caller, mistake);
    }
}
