using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>The IL of single loads, stores and atomics: the operands are on the stack.</summary>
static class MemoryEmitter
{
    /// <summary>Replaces an address by the value there.</summary>
    /// <param name="alignment">Bytes that the address is known to be a multiple of.</param>
    public static void EmitLoad(ILGenerator il, MemoryType type, int alignment)
    {
        EmitAlignment(il, type, alignment);
        il.Emit(type switch
        {
            MemoryType.I8 => OpCodes.Ldind_I1,
            MemoryType.U8 => OpCodes.Ldind_U1,
            MemoryType.I16 => OpCodes.Ldind_I2,
            MemoryType.U16 => OpCodes.Ldind_U2,
            MemoryType.I32 => OpCodes.Ldind_I4,
            MemoryType.I64 => OpCodes.Ldind_I8,
            MemoryType.F32 => OpCodes.Ldind_R4,
            MemoryType.F64 => OpCodes.Ldind_R8,
            _ => OpCodes.Ldind_I,
        });
    }

    /// <summary>Stores the value on top at the address below it.</summary>
    public static void EmitStore(ILGenerator il, MemoryType type, int alignment)
    {
        EmitAlignment(il, type, alignment);
        il.Emit(type switch
        {
            MemoryType.I8 or MemoryType.U8 => OpCodes.Stind_I1,
            MemoryType.I16 or MemoryType.U16 => OpCodes.Stind_I2,
            MemoryType.I32 => OpCodes.Stind_I4,
            MemoryType.I64 => OpCodes.Stind_I8,
            MemoryType.F32 => OpCodes.Stind_R4,
            MemoryType.F64 => OpCodes.Stind_R8,
            _ => OpCodes.Stind_I,
        });
    }

    /// <summary>How a variable lies in the frame.</summary>
    public static MemoryType FrameType(IrType type) => type.Kind switch
    {
        IrKind.I64 => MemoryType.I64,
        IrKind.F32 => MemoryType.F32,
        IrKind.F64 => MemoryType.F64,
        IrKind.Pointer => MemoryType.Pointer,
        _ => MemoryType.I32,
    };

    /// <summary>Pointer and value, or pointer, compare and value, become the old value.</summary>
    public static void EmitAtomic(ILGenerator il, Instruction atomic)
    {
        AtomicInfo info = (AtomicInfo)atomic.Payload!;
        Type value = ArithmeticEmitter.ClrType(info.Type.ValueType());
        if (value == typeof(nint))
            value = typeof(long);
        string name;
        Type[] parameters;
        if (atomic.Opcode == Opcode.AtomicCompareExchange)
            (name, parameters) = ("CompareExchange", [value.MakePointerType(), value, value]);
        else
            (name, parameters) = (info.Operation.ToString(), [value.MakePointerType(), value]);
        bool inGroup = atomic.Operands[0].Type.Space is AddressSpace.Shared or AddressSpace.Local;
        MethodInfo? method = inGroup ? typeof(Atomics).GetMethod(name + "InGroup", parameters) : null;
        method ??= typeof(Atomics).GetMethod(name, parameters) ?? throw new NotSupportedException(
            $"The CPU accelerator has no atomic {name} of {info.Type}, as PTX has none. "
            + "Use an integer, Add or Exchange.");
        il.Emit(OpCodes.Call, method);
    }

    static void EmitAlignment(ILGenerator il, MemoryType type, int alignment)
    {
        if (alignment < type.Size())
            il.Emit(OpCodes.Unaligned, (byte)1);
    }
}
