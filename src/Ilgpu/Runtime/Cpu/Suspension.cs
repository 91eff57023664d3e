using IlgpuDca.Ilgpu.Extensions;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>A point where a thread leaves the emitted code; <paramref name="state"/> is where it comes back.</summary>
sealed class Suspension(int state, SuspensionKind kind, Instruction? instruction)
{
    /// <summary>
    /// The exit code of the region that ends here and the number of the region that begins here; at least 1.
    /// </summary>
    public int State { get; } = state;

    public SuspensionKind Kind { get; } = kind;

    /// <summary>The convergent instruction; null for a seam.</summary>
    public Instruction? Instruction { get; } = instruction;

    /// <summary>Whether each thread goes on when a condition holds that other threads or copies bring about.</summary>
    public bool IsWait => Kind is SuspensionKind.Phase or SuspensionKind.NamedBarrier or SuspensionKind.Multiplications;

    public bool IsGroupWide => Kind >= SuspensionKind.Barrier;

    /// <summary>Where the thread goes on.</summary>
    public Segment After { get; set; } = null!;

    /// <summary>What is live when the thread goes on, the instruction's results included.</summary>
    public List<Variable> Live { get; set; } = [];

    /// <summary>
    /// Bytes from the warp frame's start to where a shuffle's or barrier's result goes; -1 when nothing reads it.
    /// </summary>
    public int ResultOffset { get; set; } = -1;

    /// <summary>Performs it for a warp; null where there is nothing to do.</summary>
    public WarpOperation? Operation { get; set; }

    /// <summary>What a collective reads from memory, where races are looked for.</summary>
    public CollectiveReadsAttribute? Reads { get; set; }

    /// <summary>The kernel's number of the place, where it is a wait or reads memory.</summary>
    public int Site { get; set; } = -1;

    public SourceLocation Location => Instruction?.Location ?? default;

    public static SuspensionKind? KindOf(Instruction instruction) => instruction.Opcode switch
    {
        Opcode.Barrier => SuspensionKind.Barrier,
        Opcode.BarrierPopCount => SuspensionKind.BarrierPopCount,
        Opcode.BarrierAnd => SuspensionKind.BarrierAnd,
        Opcode.BarrierOr => SuspensionKind.BarrierOr,
        Opcode.WarpBarrier => SuspensionKind.WarpBarrier,
        Opcode.Shuffle => SuspensionKind.Shuffle,
        Opcode.Collective => SuspensionKind.Collective,
        Opcode.Hopper => HopperEmitter.WaitOf(instruction),
        _ => null,
    };
}
