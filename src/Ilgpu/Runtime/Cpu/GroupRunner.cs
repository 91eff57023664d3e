using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;
using IlgpuDca.Ilgpu.Runtime.Cpu.Races;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// Runs groups, one after the other, on the calling thread: each warp runs to where it waits, its own operations are
/// performed as soon as its lanes are there, a group barrier opens when every warp has come.
/// </summary>
sealed unsafe partial class GroupRunner
{
    readonly CpuKernel _kernel;
    readonly List<Suspension> _suspensions;
    readonly LaunchDimensions _dimensions;
    readonly int _threads;
    readonly int _frameBytes;
    readonly int[] _waiting;
    readonly byte* _frames;
    readonly long _sharedBytes;
    readonly GroupUnits? _units;
    readonly GroupRaces? _races;
    GroupContext _context;

    /// <param name="report">Takes the races of the launch; null where none are looked for.</param>
    public GroupRunner(CpuKernel kernel, in LaunchDimensions dimensions, ulong* slots, int dynamicSharedBytes, RaceReport? report)
    {
        FrameLayout frame = kernel.Plan.Frame;
        (_kernel, _dimensions, _suspensions) = (kernel, dimensions, kernel.Plan.Flow.Suspensions);
        _threads = (int)dimensions.ThreadsPerGroup;
        _frameBytes = frame.Bytes;
        _waiting = new int[kernel.Plan.IsPlain ? 1 : (_threads + FrameLayout.WarpSize - 1) / FrameLayout.WarpSize];
        _sharedBytes = frame.StaticSharedBytes + (long)dynamicSharedBytes;
        long framesBytes = (long)FrameLayout.AlignUp(_frameBytes * _waiting.Length, FrameLayout.SharedAlignment);
        _races = report is null ? null : new GroupRaces(_threads, _sharedBytes, report);
        _units = kernel.Plan.UsesUnits ? new GroupUnits(kernel, _threads, _sharedBytes, _races?.Units) : null;
        _frames = GroupMemory.OfThisThread(framesBytes + _sharedBytes + 1);
        _context = new GroupContext
        {
            Slots = slots,
            Shared = _frames + framesBytes,
            GridDimX = dimensions.GridX,
            GridDimY = dimensions.GridY,
            GridDimZ = dimensions.GridZ,
            GroupDimX = dimensions.GroupX,
            GroupDimY = dimensions.GroupY,
            GroupDimZ = dimensions.GroupZ,
            DynamicSharedBytes = dynamicSharedBytes,
        };
    }

    /// <summary>Runs one group to its end.</summary>
    /// <param name="group">Its linear index in the grid, x fastest.</param>
    /// <exception cref="KernelException">The kernel did something that no schedule can go on from.</exception>
    public void Run(long group)
    {
        _context.GridIdxX = (int)(group % _dimensions.GridX);
        _context.GridIdxY = (int)(group / _dimensions.GridX % _dimensions.GridY);
        _context.GridIdxZ = (int)(group / _dimensions.GridX / _dimensions.GridY);
        if (_kernel.Plan.IsChecked)
            Unsafe.InitBlockUnaligned(_context.Shared, 0xff, (uint)_sharedBytes);
        fixed (GroupContext* context = &_context)
        {
            _races?.Begin(context);
            if (_kernel.Plan.IsPlain)
                _kernel.Region(0)(_frames, context, 0, _threads);
            else if (_units == null)
                RunWarps(context);
            else
                RunWarpsWithUnits(context, _units);
        }
    }

    int LanesOf(int warp) => Math.Min(FrameLayout.WarpSize, _threads - warp * FrameLayout.WarpSize);

    byte* FrameOf(int warp) => _frames + (long)warp * _frameBytes;

    Suspension At(int state) => _suspensions[state - 1];

    void RunWarps(GroupContext* context)
    {
        Array.Clear(_waiting);
        while (true)
        {
            // The usual case: all warps come to one barrier, which has nothing to compute.
            bool together = true;
            for (int warp = 0; warp < _waiting.Length; warp++)
            {
                if (_waiting[warp] != RegionEmitter.Returned)
                    _waiting[warp] = RunWarp(context, warp, _waiting[warp], released: true);
                together &= _waiting[warp] == _waiting[0];
            }
            if (together && _waiting[0] == RegionEmitter.Returned)
                return;
            if (together && _waiting[0] != RegionEmitter.Mixed && At(_waiting[0]).Kind == SuspensionKind.Barrier)
            {
                if (_races != null)
                    MeetInGroup();
                continue;
            }
            OpenBarrier(context);
        }
    }

    /// <summary>Runs a warp until all of its lanes wait for the group, have returned, or cannot go on.</summary>
    /// <param name="context">The group.</param>
    /// <param name="warp">Its index in the group.</param>
    /// <param name="state">Where they stand; when it is the same for all, they may go on.</param>
    /// <param name="released">When it is not: they may leave a barrier there.</param>
    /// <returns>Where they wait when it is the same for all, else <see cref="RegionEmitter.Mixed"/>.</returns>
    int RunWarp(GroupContext* context, int warp, int state, bool released)
    {
        byte* frame = FrameOf(warp);
        int lanes = LanesOf(warp);
        context->FirstThread = warp * FrameLayout.WarpSize;
        while (true)
        {
            bool apart = state == RegionEmitter.Mixed;
            LeaveWait(context, state, frame, 0, lanes);
            state = apart ? RunMixed(context, frame, lanes, released) : _kernel.Region(state)(frame, context, 0, lanes);
            released = false;
            if (state == RegionEmitter.Mixed)
            {
                if (apart)
                    return state;
                continue;
            }
            if (state == RegionEmitter.Returned || At(state).IsGroupWide || At(state).IsWait && !IsOpen(context, state, frame, 0, lanes))
                return state;
            Perform(context, At(state), frame, lanes, AllOf(lanes));
        }
    }

    /// <summary>Runs lanes that stand at different places until they meet or none can go on.</summary>
    /// <param name="released">They may leave where they stand: a barrier has opened.</param>
    int RunMixed(GroupContext* context, byte* frame, int lanes, bool released)
    {
        int* states = (int*)frame;
        while (true)
        {
            uint live = 0;
            int common = RegionEmitter.Returned;
            bool goes = false;
            RunLanes(context, frame, lanes, released);
            for (int lane = 0; lane < lanes; lane++)
            {
                if (states[lane] == RegionEmitter.Returned)
                    continue;
                goes |= MayGo(context, states[lane], frame, lane);
                common = live == 0 || common == states[lane] ? states[lane] : RegionEmitter.Mixed;
                live |= 1u << lane;
            }
            released = false;
            if (live == AllOf(lanes) && common != RegionEmitter.Mixed)
                return common;
            if (live == 0)
                return RegionEmitter.Returned;
            if (goes)
                continue;
            // A collective needs every lane; other operations go on without those that have returned.
            if (common == RegionEmitter.Mixed || At(common).IsGroupWide || At(common).IsWait
                || At(common).Kind == SuspensionKind.Collective)
                return RegionEmitter.Mixed;
            Perform(context, At(common), frame, lanes, live);
            released = true;
        }
    }

    /// <summary>The lanes of a warp have come to one of its operations.</summary>
    void Perform(GroupContext* context, Suspension suspension, byte* frame, int lanes, uint mask)
    {
        if (_races != null)
            MeetInWarp(context, suspension, frame, lanes, mask);
        suspension.Operation?.Invoke(frame, lanes, mask);
    }

    /// <summary>
    /// Lets lanes go on: those at seams and open waits, and all when they are released. Neighbours at one place go together.
    /// </summary>
    void RunLanes(GroupContext* context, byte* frame, int lanes, bool released)
    {
        int* states = (int*)frame;
        int end;
        for (int first = 0; first < lanes; first = end)
        {
            int state = states[first];
            end = first + 1;
            bool goes = state != RegionEmitter.Returned && (released || MayGo(context, state, frame, first));
            while (end < lanes && states[end] == state && (released || MayGo(context, state, frame, end) == goes))
                end++;
            if (!goes)
                continue;
            LeaveWait(context, state, frame, first, end);
            int exit = _kernel.Region(state)(frame, context, first, end);
            if (exit != RegionEmitter.Mixed)
                new Span<int>(states + first, end - first).Fill(exit);
        }
    }

    /// <summary>Every warp waits: opens the group barrier, or says why it cannot.</summary>
    void OpenBarrier(GroupContext* context)
    {
        Suspension? first = null;
        bool same = true;
        int threads = 0, holds = 0;
        for (int warp = 0; warp < _waiting.Length; warp++)
        {
            for (int lane = 0; lane < LanesOf(warp); lane++)
            {
                int state = StateOf(warp, lane);
                if (state == RegionEmitter.Returned)
                    continue;
                Suspension suspension = At(state);
                first ??= suspension;
                same &= suspension == first;
                if (!suspension.IsGroupWide || suspension.Kind != first.Kind)
                    throw Stuck("deadlock", context);
                threads++;
                if (first.Kind != SuspensionKind.Barrier)
                    holds += *Operand(warp, lane) != 0 ? 1 : 0;
            }
        }
        if (_kernel.Plan.IsChecked && (!same || threads != _threads))
            throw Stuck("barrier divergence", context);
        if (_races != null)
            MeetInGroup();
        if (first!.Kind == SuspensionKind.Barrier)
            return;
        int result = first.Kind switch
        {
            SuspensionKind.BarrierPopCount => holds,
            SuspensionKind.BarrierAnd => holds == threads ? 1 : 0,
            _ => holds > 0 ? 1 : 0,
        };
        for (int warp = 0; warp < _waiting.Length; warp++)
            for (int lane = 0; lane < LanesOf(warp); lane++)
                if (StateOf(warp, lane) is var state and >= 0 && At(state).ResultOffset is var offset and >= 0)
                    ((int*)(FrameOf(warp) + offset))[lane] = result;
    }

    int StateOf(int warp, int lane) =>
        _waiting[warp] == RegionEmitter.Mixed ? ((int*)FrameOf(warp))[lane] : _waiting[warp];

    int* Operand(int warp, int lane) => (int*)(FrameOf(warp) + FrameLayout.OperandOffset) + lane;

    static uint AllOf(int lanes) => uint.MaxValue >> (FrameLayout.WarpSize - lanes);

    /// <summary>The error that says where each warp waits.</summary>
    KernelException Stuck(string what, GroupContext* context)
    {
        List<(int First, int Last, string Where)> warps = [];
        for (int warp = 0; warp < _waiting.Length; warp++)
        {
            string where = DescribeLanes(warp);
            if (warps.Count > 0 && warps[^1].Where == where)
                warps[^1] = warps[^1] with { Last = warp };
            else
                warps.Add((warp, warp, where));
        }
        return new KernelException($"{_kernel.Name}: {what} in group ({context->GridIdxX}, {context->GridIdxY}, "
            + $"{context->GridIdxZ}): " + string.Join("; ", warps.Select(entry => entry.First == entry.Last
                ? $"warp {entry.First}: {entry.Where}" : $"warps {entry.First}-{entry.Last}: {entry.Where}"))
            + ". All threads of a group must reach the same barrier, all lanes of a warp the same warp operation.");
    }

    string DescribeLanes(int warp)
    {
        List<string> parts = [];
        int lanes = LanesOf(warp), end;
        for (int first = 0; first < lanes; first = end)
        {
            int state = StateOf(warp, first);
            end = first + 1;
            while (end < lanes && StateOf(warp, end) == state)
                end++;
            string who = end - first == lanes ? "all lanes" : end - first == 1 ? $"lane {first}"
                : $"lanes {first}-{end - 1}";
            parts.Add(state == RegionEmitter.Returned ? $"{who} returned"
                : $"{who} wait {Describe(warp, first, state)}, {SourceLines.Describe(At(state).Location)}");
        }
        return string.Join(", ", parts);
    }
}
