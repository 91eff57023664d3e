using IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// Groups whose threads wait for mbarriers, named barriers or multiplications: a warp runs whenever what it waits for has come. Where
/// no warp can, the group barrier opens, or else the oldest copy that was put off is performed.
/// </summary>
sealed unsafe partial class GroupRunner
{
    void RunWarpsWithUnits(GroupContext* context, GroupUnits units)
    {
        units.Begin(context);
        Array.Clear(_waiting);
        bool released = true;
        while (true)
        {
            bool moved = false, live = false;
            for (int warp = 0; warp < _waiting.Length; warp++)
            {
                if (_waiting[warp] == RegionEmitter.Returned)
                    continue;
                live = true;
                if (!released && !CanMove(context, warp))
                    continue;
                context->FirstThread = warp * FrameLayout.WarpSize;
                _waiting[warp] = RunWarp(context, warp, _waiting[warp], released);
                moved = true;
            }
            released = false;
            if (!live)
                break;
            if (moved)
                continue;
            if (!AllAtGroupBarriers() && units.Copies.RunLoad())
                continue;
            OpenBarrier(context);
            released = true;
        }
        units.Finish();
    }

    /// <summary>Whether some lane of a warp can go on; lanes that part there become apart.</summary>
    bool CanMove(GroupContext* context, int warp)
    {
        int state = _waiting[warp], lanes = LanesOf(warp);
        byte* frame = FrameOf(warp);
        context->FirstThread = warp * FrameLayout.WarpSize;
        if (state != RegionEmitter.Mixed && (!At(state).IsWait || IsOpen(context, state, frame, 0, lanes)))
            return At(state).IsWait;
        int* states = (int*)frame;
        for (int lane = 0; lane < lanes; lane++)
        {
            if (!MayGo(context, StateOf(warp, lane), frame, lane))
                continue;
            if (state != RegionEmitter.Mixed)
                new Span<int>(states, lanes).Fill(state);
            _waiting[warp] = RegionEmitter.Mixed;
            return true;
        }
        return false;
    }

    bool AllAtGroupBarriers()
    {
        for (int warp = 0; warp < _waiting.Length; warp++)
            for (int lane = 0; lane < LanesOf(warp); lane++)
                if (StateOf(warp, lane) is var state and not RegionEmitter.Returned && !At(state).IsGroupWide)
                    return false;
        return true;
    }

    bool IsOpen(GroupContext* context, int state, byte* frame, int first, int end) =>
        _units!.IsOpen(At(state), frame, context->FirstThread, first, end);

    /// <summary>Whether a lane stands at a seam, or at a wait that has ended.</summary>
    bool MayGo(GroupContext* context, int state, byte* frame, int lane) => state != RegionEmitter.Returned
        && (At(state).Kind == SuspensionKind.Seam || At(state).IsWait && IsOpen(context, state, frame, lane, lane + 1));

    string Describe(int warp, int lane, int state) => At(state).IsWait
        ? "for " + _units!.Describe(At(state), FrameOf(warp), warp * FrameLayout.WarpSize, lane)
        : $"at {At(state).Kind}";
}
