namespace IlgpuDca.Ilgpu.Ir;

/// <summary>One operation. Its result is the instruction itself, used as a value.</summary>
public sealed class Instruction(Opcode opcode, IrType type, Value[] operands, object? payload = null) : Value(type)
{
    public Opcode Opcode { get; } = opcode;

    /// <summary>The values it reads; for a phi one for each of <see cref="Incoming"/>.</summary>
    public Value[] Operands { get; set; } = operands;

    /// <summary>What the opcode's comment names, else null.</summary>
    public object? Payload { get; set; } = payload;

    /// <summary>A phi's predecessors, in the order of its operands; null for everything else.</summary>
    public BasicBlock[]? Incoming { get; set; }

    public SourceLocation Location { get; set; }

    /// <summary>The value that a pass has put in its place; its users see that after <see cref="KernelFunction.ApplyReplacements"/>.</summary>
    public Value? ReplacedBy { get; set; }

    /// <summary>A pass's note: in its set when equal to the number that the pass took from <see cref="KernelFunction.NewMark"/>.</summary>
    public int Mark { get; set; }

    public bool IsPhi => Opcode == Opcode.Phi;

    public Comparison Comparison => (Comparison)Payload!;

    public MemoryAccess Access => (MemoryAccess)Payload!;

    public AllocaInfo AllocaInfo => (AllocaInfo)Payload!;

    /// <summary>May not be removed when unused.</summary>
    public bool HasSideEffect => Opcode is Opcode.Store or Opcode.Atomic or Opcode.AtomicCompareExchange or Opcode.Fence
        or Opcode.CheckBounds or Opcode.Asm || IsConvergent;

    /// <summary>Threads meet here; nothing moves across it and it is never made conditional.</summary>
    public bool IsConvergent => Opcode is Opcode.Barrier or Opcode.WarpBarrier or Opcode.BarrierPopCount or Opcode.BarrierAnd
        or Opcode.BarrierOr or Opcode.Shuffle or Opcode.Asm or Opcode.Collective or Opcode.Hopper;

    /// <summary>The result depends on the operands alone, so equal instructions may be merged.</summary>
    public bool IsPure => !HasSideEffect && Opcode is not (Opcode.Phi or Opcode.Load or Opcode.Alloca);

    /// <summary>May write memory, or order it: loads don't move across it.</summary>
    public bool ClobbersMemory => HasSideEffect && Opcode is not (Opcode.CheckBounds or Opcode.Shuffle);
}

/// <summary>How a block ends.</summary>
public enum TerminatorKind : byte
{
    /// <summary>To Targets[0].</summary>
    Jump,
    /// <summary>To Targets[0] where the condition (Bool) holds, else to Targets[1].</summary>
    Branch,
    /// <summary>To Targets[v] where the condition's value v (I32, unsigned) is below Targets.Length - 1, else to the last.</summary>
    Switch,
    Return,
}

/// <summary>The end of a block.</summary>
public sealed class Terminator(TerminatorKind kind, Value? condition, params BasicBlock[] targets)
{
    public TerminatorKind Kind { get; } = kind;

    public Value? Condition { get; set; } = condition;

    public BasicBlock[] Targets { get; set; } = targets;

    public SourceLocation Location { get; set; }

    public static Terminator Jump(BasicBlock target) => new(TerminatorKind.Jump, null, target);

    public static Terminator Branch(Value condition, BasicBlock whenTrue, BasicBlock whenFalse) =>
        new(TerminatorKind.Branch, condition, whenTrue, whenFalse);

    public static Terminator Return() => new(TerminatorKind.Return, null);
}
