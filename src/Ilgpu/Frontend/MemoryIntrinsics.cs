using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>SharedMemory, LocalMemory, Atomic, MemoryFence.</summary>
static class MemoryIntrinsics
{
    public static void Register(Dictionary<string, Intrinsic> table)
    {
        table["ILGPU.SharedMemory.Allocate"] = (t, method, arguments) => Allocate(t, method, arguments, AddressSpace.Shared);
        table["ILGPU.SharedMemory.Allocate1D"] = (t, method, arguments) => Allocate(t, method, arguments, AddressSpace.Shared);
        table["ILGPU.LocalMemory.Allocate"] = (t, method, arguments) => Allocate(t, method, arguments, AddressSpace.Local);
        table["ILGPU.LocalMemory.Allocate1D"] = (t, method, arguments) => Allocate(t, method, arguments, AddressSpace.Local);
        table["ILGPU.SharedMemory.GetDynamic"] = GetDynamic;

        const string fence = "ILGPU.MemoryFence.";
        table[fence + "GroupLevel"] = (t, _, _) => Fence(t, FenceLevel.Group);
        table[fence + "DeviceLevel"] = (t, _, _) => Fence(t, FenceLevel.Device);
        table[fence + "SystemLevel"] = (t, _, _) => Fence(t, FenceLevel.System);

        foreach (string name in (string[])["Add", "Min", "Max", "And", "Or", "Xor", "Exchange"])
            table["ILGPU.Atomic." + name] = (t, method, arguments) => Atomic(t, method, arguments, name);
        table["ILGPU.Atomic.CompareExchange"] = CompareExchange;
    }

    static StackValue Allocate(MethodTranslator t, MethodBase method, StackValue[] arguments, AddressSpace space)
    {
        if (space == AddressSpace.Shared && t.Context.Options.ImplicitlyGrouped)
            throw t.Refuse(JitError.ImplicitGrouping, "shared memory in an implicitly grouped kernel.", "load it with LoadKernel and launch it with a KernelConfig.");
        TypeLayout element = t.Layout(method.GetGenericArguments()[0]);
        long extent = 1;
        if (arguments.Length > 0)
            extent = t.Value(arguments[0]) is Constant { Signed: > 0 } known ? known.Signed : throw t.Refuse(JitError.ExtentNotConstant,
                $"the extent of {method.DeclaringType!.Name}.{method.Name} is not a positive constant.", "use a const, or SharedMemory.GetDynamic for a size known at launch.");
        // 16 bytes, so that arrays of any element can be accessed as vectors.
        Value pointer = t.Emit.Allocate(space, checked((int)(extent * element.Size)), 16);
        return arguments.Length == 0
            ? new MemoryReference(pointer, 16)
            : IntrinsicTable.Result(t, method, pointer, Constant.Long(extent));
    }

    static StackValue GetDynamic(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        TypeLayout element = t.Layout(method.GetGenericArguments()[0]);
        Value bytes = t.Emit.Unary(Opcode.ZeroExtend, IrType.I64, IndexIntrinsics.Special(t, SpecialRegister.DynamicSharedBytes));
        return IntrinsicTable.Result(t, method, t.Emit.Emit(Opcode.DynamicShared, IrType.Pointer(AddressSpace.Shared), []),
            t.Emit.Binary(Opcode.DivU, bytes, Constant.Long(element.Size)));
    }

    static StackValue? Fence(MethodTranslator t, FenceLevel level)
    {
        t.Emit.Effect(Opcode.Fence, [], level);
        return null;
    }

    static StackValue Atomic(MethodTranslator t, MethodBase method, StackValue[] arguments, string name)
    {
        Type type = ((MethodInfo)method).ReturnType;
        bool unsigned = Type.GetTypeCode(type) is TypeCode.UInt32 or TypeCode.UInt64;
        AtomicOp operation = name switch
        {
            "Add" => AtomicOp.Add,
            "Min" => unsigned ? AtomicOp.MinU : AtomicOp.MinS,
            "Max" => unsigned ? AtomicOp.MaxU : AtomicOp.MaxS,
            "And" => AtomicOp.And,
            "Or" => AtomicOp.Or,
            "Xor" => AtomicOp.Xor,
            _ => AtomicOp.Exchange,
        };
        MemoryType memory = TypeLayout.Scalar(type)!.Value;
        Value value = t.Coerce(t.Value(arguments[1]), memory.ValueType());
        return new Scalar(t.Emit.Emit(Opcode.Atomic, memory.ValueType(), [Target(t, arguments[0]), value], new AtomicInfo(operation, memory)));
    }

    static StackValue CompareExchange(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        MemoryType memory = TypeLayout.Scalar(((MethodInfo)method).ReturnType)!.Value;
        return new Scalar(t.Emit.Emit(Opcode.AtomicCompareExchange, memory.ValueType(),
            [Target(t, arguments[0]), t.Value(arguments[1]), t.Value(arguments[2])], new AtomicInfo(AtomicOp.Exchange, memory)));
    }

    static Value Target(MethodTranslator t, StackValue reference) => reference is MemoryReference memory
        ? memory.Pointer.Resolved
        : throw t.Refuse(JitError.StackMemory, "an atomic operation on a local variable.", "use a plain assignment, or an element of a view.");
}
