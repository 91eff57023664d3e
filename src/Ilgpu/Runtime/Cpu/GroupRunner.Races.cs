using IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;
using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>What the search for races is told: who meets whom, which waits are over, what a warp reads together.</summary>
sealed unsafe partial class GroupRunner
{
    /// <summary>Lanes go on from where they stand; where that is a wait, they have waited.</summary>
    void LeaveWait(GroupContext* context, int state, byte* frame, int first, int end)
    {
        if (_races is null || state <= 0 || !At(state).IsWait)
            return;
        Suspension wait = At(state);
        int* left = (int*)(frame + FrameLayout.OperandAt(0, sizeof(int)));
        int* right = (int*)(frame + FrameLayout.OperandAt(1, sizeof(int)));
        for (int lane = first; lane < end; lane++)
        {
            int thread = context->FirstThread + lane;
            if (wait.Kind == SuspensionKind.NamedBarrier)
                _races.Units.LeaveGate(thread);
            else if (wait.Kind == SuspensionKind.Multiplications)
                _races.Units.LeaveMultiplications(thread, left[lane]);
            else
                _races.Units.LeaveWait(new Caller(thread, wait.Site), left[lane], right[lane]);
        }
    }

    /// <summary>The lanes of a warp have come to one of its operations.</summary>
    void MeetInWarp(GroupContext* context, Suspension suspension, byte* frame, int lanes, uint mask)
    {
        Span<int> threads = stackalloc int[FrameLayout.WarpSize];
        int count = 0;
        for (int lane = 0; lane < lanes; lane++)
            if ((mask >> lane & 1) != 0)
                threads[count++] = context->FirstThread + lane;
        if (suspension.Kind == SuspensionKind.WarpBarrier)
            _races!.Meet(threads[..count]);
        if (suspension.Reads is not { } reads)
            return;
        nint* addresses = (nint*)(frame + FrameLayout.OperandAt(reads.Parameter, sizeof(nint)));
        for (int k = 0; k < count; k++)
            _races!.Touch(threads[k], addresses[threads[k] - context->FirstThread], reads.Bytes, AccessKind.Read, suspension.Site);
    }

    /// <summary>The group barrier opens for all threads that have not returned.</summary>
    void MeetInGroup()
    {
        Span<int> threads = stackalloc int[CpuKernel.GroupLimit];
        int count = 0;
        for (int warp = 0; warp < _waiting.Length; warp++)
            for (int lane = 0; lane < LanesOf(warp); lane++)
                if (StateOf(warp, lane) != RegionEmitter.Returned)
                    threads[count++] = warp * FrameLayout.WarpSize + lane;
        _races!.Meet(threads[..count]);
    }
}
