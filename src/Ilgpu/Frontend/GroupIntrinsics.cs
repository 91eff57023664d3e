using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Barriers, broadcasts and shuffles.</summary>
static class GroupIntrinsics
{
    public static void Register(Dictionary<string, Intrinsic> table)
    {
        table["ILGPU.Group.Barrier"] = (t, _, _) => Barrier(t, Opcode.Barrier);
        table["ILGPU.Warp.Barrier"] = (t, _, _) => Barrier(t, Opcode.WarpBarrier);
        table["ILGPU.Group.BarrierPopCount"] = (t, _, arguments) => new Scalar(Reduce(t, Opcode.BarrierPopCount, IrType.I32, arguments));
        table["ILGPU.Group.BarrierAnd"] = (t, _, arguments) => new Scalar(t.Emit.ToInt(Reduce(t, Opcode.BarrierAnd, IrType.Bool, arguments)));
        table["ILGPU.Group.BarrierOr"] = (t, _, arguments) => new Scalar(t.Emit.ToInt(Reduce(t, Opcode.BarrierOr, IrType.Bool, arguments)));
        table["ILGPU.Group.Broadcast"] = Broadcast;
        table["ILGPU.Warp.Shuffle"] = (t, method, arguments) => Shuffle(t, method, arguments, ShuffleMode.Index);
        table["ILGPU.Warp.Broadcast"] = (t, method, arguments) => Shuffle(t, method, arguments, ShuffleMode.Index);
        table["ILGPU.Warp.ShuffleUp"] = (t, method, arguments) => Shuffle(t, method, arguments, ShuffleMode.Up);
        table["ILGPU.Warp.ShuffleDown"] = (t, method, arguments) => Shuffle(t, method, arguments, ShuffleMode.Down);
        table["ILGPU.Warp.ShuffleXor"] = (t, method, arguments) => Shuffle(t, method, arguments, ShuffleMode.Xor);
    }

    static StackValue? Barrier(MethodTranslator t, Opcode opcode)
    {
        RefuseImplicit(t);
        t.Emit.Effect(opcode, []);
        return null;
    }

    static void RefuseImplicit(MethodTranslator t)
    {
        if (t.Context.Options.ImplicitlyGrouped)
            throw t.Refuse(JitError.ImplicitGrouping, "a barrier in an implicitly grouped kernel.", "load it with LoadKernel and launch it with a KernelConfig.");
    }

    static Value Reduce(MethodTranslator t, Opcode opcode, IrType type, StackValue[] arguments)
    {
        RefuseImplicit(t);
        return t.Emit.Emit(opcode, type, [t.Emit.ToBool(t.Value(arguments[0]))]);
    }

    /// <summary>One thread's value for the whole group, through shared memory: write, barrier, read, barrier (so that it can be reused).</summary>
    static StackValue Broadcast(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        RefuseImplicit(t);
        Type type = method.GetGenericArguments()[0];
        TypeLayout layout = t.Layout(type);
        MemoryReference place = new(t.Emit.Allocate(AddressSpace.Shared, layout.Size, 16), 16);

        BasicBlock write = t.Ssa.AddBlock(), after = t.Ssa.AddBlock();
        Value chosen = t.Emit.Compare(new Comparison(Predicate.Equal), IndexIntrinsics.GroupLinear(t), t.Value(arguments[1]));
        t.Ssa.End(Terminator.Branch(chosen, write, after));
        t.Ssa.Seal(write);
        t.Ssa.Current = write;
        t.Write(place, arguments[0], type);
        t.Ssa.End(Terminator.Jump(after));
        t.Ssa.Seal(after);
        t.Ssa.Current = after;
        t.Emit.Effect(Opcode.Barrier, []);
        StackValue result = t.Read(place, type);
        t.Emit.Effect(Opcode.Barrier, []);
        return result;
    }

    /// <summary>Each leaf of the value moves by itself.</summary>
    static StackValue Shuffle(MethodTranslator t, MethodBase method, StackValue[] arguments, ShuffleMode mode)
    {
        TypeLayout layout = t.Layout(method.GetGenericArguments()[0]);
        Value lane = t.Value(arguments[1]);
        Value width = arguments.Length > 2 ? t.Value(arguments[2]) : Constant.Int(IndexIntrinsics.WarpSize);
        Value[] leaves = arguments[0] is Struct @struct ? @struct.Leaves : [t.Value(arguments[0])];
        return MethodTranslator.FromLeaves(layout, [.. leaves.Select(leaf =>
        {
            Value value = leaf.Resolved;
            return t.Emit.Emit(Opcode.Shuffle, value.Type, [value, lane, width], mode);
        })]);
    }
}
