namespace IlgpuDca.Ilgpu.Ir;

/// <summary>
/// The operations of the IR. Operands are named in the comments; "a" and "b" have the result's type unless said.
/// docs/jit.md defines the edges: division by zero, shifts, conversions out of range.
/// </summary>
public enum Opcode : byte
{
    /// <summary>One operand for each incoming block (<see cref="Instruction.Incoming"/>).</summary>
    Phi,

    // Arithmetic on integers and floats.
    Add,
    Sub,
    Mul,
    Neg,
    Abs,

    // Integers. x / 0 is all ones and x % 0 is x; MinValue / -1 is MinValue and MinValue % -1 is 0.
    DivS,
    DivU,
    RemS,
    RemU,
    MinS,
    MinU,
    MaxS,
    MaxU,
    /// <summary>The upper half of the unsigned double-width product.</summary>
    MulHighU,
    /// <summary>The upper half of the signed double-width product.</summary>
    MulHighS,

    // Integers and Bool.
    And,
    Or,
    Xor,
    Not,

    /// <summary>a shifted by b (I32), b taken modulo the width.</summary>
    Shl,
    /// <summary>Arithmetic shift right, b (I32) taken modulo the width.</summary>
    ShrS,
    /// <summary>Logical shift right, b (I32) taken modulo the width.</summary>
    ShrU,
    PopCount,
    LeadingZeros,
    TrailingZeros,

    // Floats.
    Div,
    Rem,
    /// <summary>IEEE minNum: the other operand where one is NaN.</summary>
    Min,
    /// <summary>IEEE maxNum: the other operand where one is NaN.</summary>
    Max,
    /// <summary>a · b + c, rounded once.</summary>
    Fma,
    Sqrt,
    /// <summary>1 / sqrt(a); F32 may be approximate on a GPU (2 ulp).</summary>
    Rsqrt,
    /// <summary>1 / a; F32 may be approximate on a GPU (1 ulp).</summary>
    Rcp,
    /// <summary>2^a, F32; approximate on a GPU (2 ulp).</summary>
    Exp2,
    /// <summary>log2(a), F32; approximate on a GPU.</summary>
    Log2,
    Sin,
    Cos,
    Floor,
    Ceiling,
    /// <summary>To the nearest integer, ties to even.</summary>
    Round,
    Truncate,
    /// <summary>a with the sign of b.</summary>
    CopySign,

    /// <summary>Operands a, b; payload <see cref="Comparison"/>; result Bool.</summary>
    Compare,
    /// <summary>Operands condition (Bool), a, b: a where the condition holds, else b.</summary>
    Select,

    // Conversions; the operand's type differs from the result's.
    /// <summary>Bool to I32/I64, or I32 to I64.</summary>
    ZeroExtend,
    /// <summary>I32 to I64.</summary>
    SignExtend,
    /// <summary>I64 to I32.</summary>
    Truncate64,
    /// <summary>The low 8 bits of an I32, sign-extended to I32; likewise the next three.</summary>
    SignExtend8,
    ZeroExtend8,
    SignExtend16,
    ZeroExtend16,
    /// <summary>Toward zero, saturating, NaN to 0.</summary>
    FloatToInt,
    FloatToUInt,
    /// <summary>To nearest, ties to even.</summary>
    IntToFloat,
    UIntToFloat,
    /// <summary>F32 to F64 or back.</summary>
    FloatConvert,
    /// <summary>The same bits: I32 and F32, I64 and F64.</summary>
    Bitcast,
    /// <summary>IEEE binary16 bits in the low half of an I32 to F32.</summary>
    HalfToFloat,
    /// <summary>F32 to IEEE binary16 bits in an I32 (zero above), to nearest even.</summary>
    FloatToHalf,
    PointerToInt,
    IntToPointer,

    // Memory.
    /// <summary>pointer + offset in bytes (I64).</summary>
    PointerAdd,
    /// <summary>The same pointer, known to be a multiple of the payload (int, bytes).</summary>
    AssumeAligned,
    /// <summary>Memory of the group or thread; payload <see cref="AllocaInfo"/>; result a pointer.</summary>
    Alloca,
    /// <summary>The start of the group's dynamic shared memory.</summary>
    DynamicShared,
    /// <summary>Read-only module data; payload byte[].</summary>
    ConstantData,
    /// <summary>Operand pointer; payload <see cref="MemoryAccess"/>; a Tuple when its Count is above 1.</summary>
    Load,
    /// <summary>Operands pointer, then Count values; payload <see cref="MemoryAccess"/>.</summary>
    Store,
    /// <summary>Operands pointer, value; payload <see cref="AtomicInfo"/>; result the old value.</summary>
    Atomic,
    /// <summary>Operands pointer, compare, value; payload <see cref="AtomicInfo"/>; result the old value.</summary>
    AtomicCompareExchange,
    /// <summary>Payload <see cref="FenceLevel"/>.</summary>
    Fence,
    /// <summary>Operand a pointer into shared memory; result I32: bytes from the start of the group's window.</summary>
    SharedAddress,
    /// <summary>Operand a tuple; payload the index (int).</summary>
    Extract,
    /// <summary>Operands index, length (I64): an error where index is not below length, unsigned. CPU only.</summary>
    CheckBounds,

    /// <summary>Payload <see cref="SpecialRegister"/>; result I32.</summary>
    Special,

    // Convergent operations: nothing moves across them.
    /// <summary>All threads of the group.</summary>
    Barrier,
    /// <summary>All lanes of the warp.</summary>
    WarpBarrier,
    /// <summary>Operand Bool; result I32: in how many threads of the group it holds.</summary>
    BarrierPopCount,
    /// <summary>Operand Bool; result Bool.</summary>
    BarrierAnd,
    BarrierOr,
    /// <summary>Operands value (32 or 64 bits), lane or delta or mask (I32), width (I32); payload <see cref="ShuffleMode"/>.</summary>
    Shuffle,
    /// <summary>Inline PTX, CUDA only; payload <see cref="AsmInfo"/>; a Tuple of its outputs.</summary>
    Asm,
    /// <summary>Done once for a whole warp by a host routine, CPU only; payload <see cref="CollectiveInfo"/>; a Tuple.</summary>
    Collective,
    /// <summary>What Hopper's units do, CPU only (on CUDA it is inline PTX); payload <see cref="HopperInfo"/>; no result.</summary>
    Hopper,
}
