using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// The multiplications of a warpgroup. On CUDA the sums are read from local memory before and written after, so that promotion
/// makes registers of them; on the CPU accelerator the operation takes their address.
/// </summary>
static class MultiplyIntrinsics
{
    const int WordBytes = 4, WordsOfA = 4;

    public static void Register(Dictionary<string, Intrinsic> table, string prefix)
    {
        table[prefix + "MultiplyAdd"] = (t, _, a) => Multiply(t, a, fromRegisters: false, transposeB: false);
        table[prefix + "MultiplyAddTransposed"] = (t, _, a) => Multiply(t, a, fromRegisters: false, transposeB: true);
        table[prefix + "MultiplyAddRegisters"] = (t, _, a) => Multiply(t, a, fromRegisters: true, transposeB: false);
        table[prefix + "MultiplyAddRegistersTransposed"] = (t, _, a) => Multiply(t, a, fromRegisters: true, transposeB: true);
        table[prefix + "MultiplyAddFloat8"] = (t, _, a) => Multiply(t, a, fromRegisters: false, transposeB: false, isFloat8: true);
        table[prefix + "MultiplyAddFloat8Registers"] = (t, _, a) =>
            Multiply(t, a, fromRegisters: true, transposeB: false, isFloat8: true);
    }

    /// <summary>Arguments: c (view), a (descriptor or view), b (descriptor), accumulate.</summary>
    static StackValue? Multiply(MethodTranslator t, StackValue[] arguments, bool fromRegisters, bool transposeB, bool isFloat8 = false)
    {
        Value c = Pointer(t, arguments[0], out int sums);
        int columns = 2 * sums;
        if (columns is < 8 or > 256 || columns % 8 != 0)
            throw t.Refuse(JitError.HopperOperand, $"a multiplication with {sums} sums a thread.", "pass a view of N / 2 floats, N a multiple of 8 from 8 to 256.");
        Value a = fromRegisters ? Pointer(t, arguments[1], out _) : Descriptor(t, arguments[1]);
        Value b = Descriptor(t, arguments[2]), accumulate = t.Value(arguments[3]);
        if (t.Context.Options.Target == CompileTarget.Cpu)
        {
            HopperOperation operation = fromRegisters ? HopperOperation.MultiplyRegisters : HopperOperation.Multiply;
            t.Emit.Effect(Opcode.Hopper, [c, a, b, accumulate], new HopperInfo(operation, columns, transposeB, isFloat8));
            return null;
        }

        List<Value> inputs = [];
        List<AsmOperand> operands = [];
        // Sums that are set need no value before: nothing is kept alive for them.
        bool sets = accumulate is Constant { Bits: 0 };
        for (int k = 0; k < sums; k++)
        {
            inputs.Add(sets ? new Undefined(IrType.F32) : t.Emit.Load(t.Emit.Offset(c, k * WordBytes), MemoryType.F32, WordBytes));
            operands.Add(new AsmOperand(AsmOperandKind.InOut, MemoryType.F32, false));
        }
        Value[] rest = fromRegisters
            ? [.. Enumerable.Range(0, WordsOfA).Select(k => t.Emit.Load(t.Emit.Offset(a, k * WordBytes), MemoryType.I32, WordBytes)), b, accumulate]
            : [a, b, accumulate];
        inputs.AddRange(rest);
        operands.AddRange(rest.Select(HopperIntrinsics.Input));
        Value tuple = t.Emit.Emit(Opcode.Asm, IrType.Tuple, [.. inputs], new AsmInfo(Template(sums, fromRegisters, transposeB, isFloat8), operands, InPlace: true));
        for (int k = 0; k < sums; k++)
            t.Emit.Store(t.Emit.Offset(c, k * WordBytes), t.Extract(tuple, k, MemoryType.F32), MemoryType.F32, WordBytes);
        return null;
    }

    /// <summary>A SharedMatrix as the 64 bits that the tensor cores take.</summary>
    static Value Descriptor(MethodTranslator t, StackValue matrix)
    {
        Value[] halves = ((Struct)matrix).Leaves;
        Value high = t.Emit.Unary(Opcode.ZeroExtend, IrType.I64, halves[1]);
        return t.Emit.Binary(Opcode.Or, t.Emit.Unary(Opcode.ZeroExtend, IrType.I64, halves[0]), t.Emit.Emit(Opcode.Shl, IrType.I64, [high, Constant.Int(32)]));
    }

    static string Template(int sums, bool fromRegisters, bool transposeB, bool isFloat8)
    {
        string Names(int first, int count) => "{" + string.Join(",", Enumerable.Range(first, count).Select(k => "%" + k)) + "}";
        string a = fromRegisters ? Names(sums, WordsOfA) : "%" + sums;
        int b = sums + (fromRegisters ? WordsOfA : 1);
        // A in registers is never transposed, and has no flag for it; bytes never are.
        string transpose = isFloat8 ? "" : (fromRegisters ? "" : ", 0") + (transposeB ? ", 1" : ", 0");
        string form = isFloat8 ? "k32.f32.e4m3.e4m3" : "k16.f32.bf16.bf16";
        return "{ .reg .pred add; setp.ne.b32 add, %" + (b + 1) + ", 0; "
            + $"wgmma.mma_async.sync.aligned.m64n{2 * sums}{form} {Names(0, sums)}, {a}, %{b}, add, 1, 1{transpose}; }}";
    }

    /// <summary>A view's first element; its length must be known.</summary>
    static Value Pointer(MethodTranslator t, StackValue view, out int length)
    {
        if (view is not Struct { Leaves: [var pointer, var count] } || count.Resolved is not Constant known)
            throw t.Refuse(JitError.HopperOperand, "the length of a view of registers is not a constant.", "pass LocalMemory.Allocate of a const length, or a SubView of const bounds.");
        length = (int)known.Signed;
        return pointer.Resolved;
    }
}
