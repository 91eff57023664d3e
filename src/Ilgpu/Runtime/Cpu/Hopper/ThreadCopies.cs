using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>
/// Each thread's copies of 16 bytes (cp.async) and their groups; what is put off is performed when its thread waits.
/// </summary>
sealed unsafe class ThreadCopies(GroupUnits units)
{
    /// <summary>A copy not performed yet: where to, where from, how much, and the thread's commits before it.</summary>
    readonly record struct Pending(int Target, nint Source, int Bytes, int Group);

    readonly Queue<Pending>?[] _pending = new Queue<Pending>?[units.Threads];

    /// <summary>By thread: commits so far, groups waited for, and the group and place of the latest copy.</summary>
    readonly (int Commits, int Awaited, int LatestGroup, int LatestSite)[] _threads =
        new (int, int, int, int)[units.Threads];

    public void Reset()
    {
        Array.Fill(_threads, (0, 0, -1, 0));
        foreach (Queue<Pending>? pending in _pending)
            pending?.Clear();
    }

    public void Copy(Caller caller, int target, nint source, int bytes)
    {
        if (target < 0 || target % AsyncCopy.Bytes != 0 || target + AsyncCopy.Bytes > units.SharedBytes)
            throw units.Fault(caller, $"an asynchronous copy to byte {target} of {units.SharedBytes} of shared memory; "
                + $"it must lie inside, at a multiple of {AsyncCopy.Bytes}");
        if (source % AsyncCopy.Bytes != 0 || bytes is < 0 or > AsyncCopy.Bytes)
            throw units.Fault(caller, $"an asynchronous copy of {bytes} bytes from address {source}; it takes 0 to "
                + $"{AsyncCopy.Bytes} bytes from a multiple of {AsyncCopy.Bytes}");
        ref (int Commits, int Awaited, int LatestGroup, int LatestSite) thread = ref _threads[caller.Thread];
        (thread.LatestGroup, thread.LatestSite) = (thread.Commits, caller.Site);
        units.Proxies?.Write(caller.Thread, target, AsyncCopy.Bytes);
        units.Races?.Copy(caller, target, AsyncCopy.Bytes);
        Pending copy = new(target, source, bytes, thread.Commits);
        if (units.Timing == AsynchronousTiming.AtIssue)
            Perform(copy);
        else
            (_pending[caller.Thread] ??= new()).Enqueue(copy);
    }

    public void Commit(Caller caller)
    {
        _threads[caller.Thread].Commits++;
        units.Races?.Commit(caller.Thread, UnitKind.Copy);
    }

    /// <summary>All but the thread's latest groups are copied.</summary>
    public void Wait(Caller caller, int pending)
    {
        ref (int Commits, int Awaited, int LatestGroup, int LatestSite) thread = ref _threads[caller.Thread];
        thread.Awaited = Math.Max(thread.Awaited, thread.Commits - pending);
        units.Races?.Await(caller.Thread, UnitKind.Copy, pending);
        Queue<Pending>? copies = _pending[caller.Thread];
        while (copies is not null && copies.TryPeek(out Pending copy) && copy.Group < thread.Awaited)
            Perform(copies.Dequeue());
    }

    /// <summary>Nothing may be left.</summary>
    public void Finish()
    {
        for (int thread = 0; thread < _threads.Length; thread++)
            if (_threads[thread].LatestGroup >= _threads[thread].Awaited)
                throw units.Fault(new Caller(thread, _threads[thread].LatestSite),
                    "the thread ends before this copy was waited for; call AsyncCopy.Commit and AsyncCopy.Wait(0)");
    }

    void Perform(Pending copy)
    {
        byte* target = units.Shared + copy.Target;
        Unsafe.CopyBlock(target, (void*)copy.Source, (uint)copy.Bytes);
        Unsafe.InitBlock(target + copy.Bytes, 0, (uint)(AsyncCopy.Bytes - copy.Bytes));
    }
}
