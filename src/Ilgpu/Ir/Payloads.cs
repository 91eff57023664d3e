using System.Reflection;

namespace IlgpuDca.Ilgpu.Ir;

/// <summary>The relation that a <see cref="Comparison"/> tests.</summary>
public enum Predicate : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>
/// A comparison. <paramref name="Unsigned"/> is for integers and pointers. <paramref name="Unordered"/> is for floats: true
/// where an operand is NaN. NotEqual of floats is always unordered, Equal always ordered, as in C#.
/// </summary>
public readonly record struct Comparison(Predicate Predicate, bool Unsigned = false, bool Unordered = false);

/// <summary>A load's or store's shape: Count values of Type, one after the other, at an address that is a multiple of Alignment bytes.</summary>
public sealed record MemoryAccess(MemoryType Type, int Count, int Alignment);

/// <summary>Memory of a fixed size in bytes, local to the thread or shared in the group.</summary>
public sealed record AllocaInfo(AddressSpace Space, int Bytes, int Alignment);

/// <summary>What an atomic does to memory.</summary>
public enum AtomicOp : byte
{
    Add,
    MinS,
    MinU,
    MaxS,
    MaxU,
    And,
    Or,
    Xor,
    Exchange,
}

/// <summary>An atomic operation on memory of <paramref name="Type"/> (I32, I64, F32, F64; compare-exchange ignores the operation).</summary>
public sealed record AtomicInfo(AtomicOp Operation, MemoryType Type);

/// <summary>Whom a memory fence orders this thread's accesses for.</summary>
public enum FenceLevel : byte
{
    Group,
    Device,
    System,
}

/// <summary>How a shuffle finds its source lane.</summary>
public enum ShuffleMode : byte
{
    Index,
    Up,
    Down,
    Xor,
}

/// <summary>Where a thread stands in its launch.</summary>
public enum SpecialRegister : byte
{
    GridIdxX,
    GridIdxY,
    GridIdxZ,
    GridDimX,
    GridDimY,
    GridDimZ,
    GroupIdxX,
    GroupIdxY,
    GroupIdxZ,
    GroupDimX,
    GroupDimY,
    GroupDimZ,
    LaneIdx,
    /// <summary>Bytes of dynamic shared memory of this launch.</summary>
    DynamicSharedBytes,
}

/// <summary>How an inline-PTX operand is bound.</summary>
public enum AsmOperandKind : byte
{
    Input,
    Output,
    /// <summary>Read and written: the input and the output share a register.</summary>
    InOut,
}

/// <summary>One operand of inline PTX: its binding and the register class that its C# type asks for.</summary>
public sealed record AsmOperand(AsmOperandKind Kind, MemoryType Type, bool IsBool);

/// <summary>
/// Inline PTX. %0, %1, … name the operands in order. The instruction's operands are the values of the Input and InOut ones in
/// order; its tuple holds the Output and InOut ones in order.
/// </summary>
/// <param name="Template">The text.</param>
/// <param name="Operands">What %0, %1, … are.</param>
/// <param name="InPlace">
/// The InOut operands are an accumulator: each keeps its register where nobody else reads the old value, and none may be a load.
/// </param>
public sealed record AsmInfo(string Template, IReadOnlyList<AsmOperand> Operands, bool InPlace = false);

/// <summary>One scalar parameter of a collective routine.</summary>
public sealed record CollectiveParameter(AsmOperandKind Kind, MemoryType Type);

/// <summary>
/// A method that a warp's lanes enter together and that a host routine executes once for all of them. Where the lanes'
/// values lie is the CPU accelerator's matter; instruction operands and tuple are ordered as in <see cref="AsmInfo"/>.
/// </summary>
public sealed record CollectiveInfo(MethodInfo Routine, IReadOnlyList<CollectiveParameter> Parameters);
