using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// A kernel compiled for the CPU. Each region between two suspension points is a method that runs the lanes of a warp
/// one after the other; a kernel without suspensions is one method over all threads of a group. Methods are emitted
/// when first reached.
/// </summary>
public sealed unsafe class CpuKernel : IDisposable
{
    /// <summary>Threads of the largest group: the limit of every GPU.</summary>
    public const int GroupLimit = 1024;

    readonly RegionMethod?[] _regions;
    readonly List<Instruction> _sites = [];
    readonly Lock _emitting = new();
    readonly CpuOptions _options;
    readonly int _slots;

    CpuKernel(KernelFunction function, CpuOptions options)
    {
        _options = options;
        Plan = new KernelPlan(function, options.Checked, options.Races);
        _slots = function.Parameters.Select(parameter => parameter.Index + parameter.Slots).DefaultIfEmpty(0).Max();
        _regions = new RegionMethod?[Plan.Flow.Suspensions.Count + 1];
        foreach (Suspension suspension in Plan.Flow.Suspensions)
        {
            suspension.Operation = WarpOperations.Of(suspension);
            if (options.Races && suspension.Instruction is { Payload: CollectiveInfo collective })
                suspension.Reads = collective.Routine.GetCustomAttribute<CollectiveReadsAttribute>();
            if (suspension.IsWait || suspension.Reads != null)
                suspension.Site = AddSite(suspension.Instruction!);
        }
    }

    /// <summary>Frees the kernel's read-only data.</summary>
    ~CpuKernel() => Plan?.Release();

    public string Name => Plan.Function.Name;

    /// <summary>Bytes of shared memory of a group, without the dynamic part of a launch.</summary>
    public int StaticSharedBytes => Plan.Frame.StaticSharedBytes;

    /// <summary>Bytes of local memory of a thread.</summary>
    public int LocalBytes => Plan.Frame.LocalBytes;

    internal KernelPlan Plan { get; }

    internal AsynchronousTiming Timing => _options.Timing;

    /// <summary>
    /// Plans a kernel; its code is emitted as launches reach it. The function must not change afterwards.
    /// </summary>
    /// <exception cref="NotSupportedException">The kernel holds something that runs on a GPU only.</exception>
    public static CpuKernel Compile(KernelFunction function, CpuOptions options) => new(function, options);

    /// <summary>Runs the kernel; all groups are done when it returns.</summary>
    /// <param name="dimensions">Groups and threads; a grid with a zero extent does nothing.</param>
    /// <param name="slots">One argument for each parameter, little endian, at its index.</param>
    /// <param name="dynamicSharedBytes">Bytes of shared memory after the fixed allocations.</param>
    /// <exception cref="ArgumentException">A negative or too large extent, or too few slots.</exception>
    /// <exception cref="KernelException">An index out of range, a deadlock, a divergent barrier, races.</exception>
    public void Launch(in LaunchDimensions dimensions, ReadOnlySpan<ulong> slots, int dynamicSharedBytes)
    {
        if (dimensions.GridX < 0 || dimensions.GridY < 0 || dimensions.GridZ < 0
            || dimensions.GroupX < 1 || dimensions.GroupY < 1 || dimensions.GroupZ < 1
            || dimensions.ThreadsPerGroup > GroupLimit)
            throw new ArgumentException($"{Name}: {dimensions} cannot be launched: a group has 1 to {GroupLimit} "
                + "threads, and no extent is negative.", nameof(dimensions));
        if (slots.Length < _slots)
            throw new ArgumentException(
                $"{Name}: {slots.Length} argument slots were given, the kernel has {_slots}.", nameof(slots));
        if (dynamicSharedBytes < 0)
            throw new ArgumentOutOfRangeException(
                nameof(dynamicSharedBytes), dynamicSharedBytes, $"{Name}: dynamic shared memory cannot be negative.");
        if (dimensions.Groups == 0)
            return;
        fixed (ulong* arguments = slots)
            new LaunchJob(this, dimensions, arguments, dynamicSharedBytes).Run(_options.WorkerCount);
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Plan.Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>The method that runs threads on from a state.</summary>
    internal RegionMethod Region(int state) => _regions[state] ?? EmitRegion(state);

    /// <summary>Remembers an instruction that may throw.</summary>
    internal int AddSite(Instruction instruction)
    {
        lock (_sites)
        {
            _sites.Add(instruction);
            return _sites.Count - 1;
        }
    }

    /// <summary>The instruction at such a place.</summary>
    internal Instruction InstructionAt(int site)
    {
        lock (_sites)
            return _sites[site];
    }

    /// <summary>Called by emitted code.</summary>
    internal void ThrowIndexError(GroupContext* context, nint position, int site, long index, long length)
    {
        int thread = context->FirstThread + (int)position;
        (int x, int y) = (context->GroupDimX, context->GroupDimY);
        throw new KernelException($"{Name}: index {index} is outside a view of length {length}: "
            + $"{SourceLines.Describe(InstructionAt(site).Location)}, "
            + $"group ({context->GridIdxX}, {context->GridIdxY}, {context->GridIdxZ}), "
            + $"thread ({thread % x}, {thread / x % y}, {thread / x / y}).");
    }

    RegionMethod EmitRegion(int state)
    {
        lock (_emitting)
            return _regions[state] ??= RegionEmitter.Emit(this, state);
    }
}
