using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// Mbarrier, Tma, NamedBarrier, Wgmma's fences: inline PTX on CUDA, <see cref="Opcode.Hopper"/> on the CPU accelerator, with the
/// same operands in the same order. <see cref="MultiplyIntrinsics"/> has the multiplications.
/// </summary>
static class HopperIntrinsics
{
    const string Extensions = "IlgpuDca.Ilgpu.Extensions.";

    public static void Register(Dictionary<string, Intrinsic> table)
    {
        const string mbarrier = Extensions + "Mbarrier.", tma = Extensions + "Tma.", wgmma = Extensions + "Wgmma.", named = Extensions + "NamedBarrier.";
        table[mbarrier + "Initialize"] = (t, _, a) => Effect(t, HopperOperation.BarrierInitialize, "mbarrier.init.shared::cta.b64 [%0], %1;", [Address(t, a[0]), t.Value(a[1])]);
        table[mbarrier + "FenceInitialization"] = (t, _, _) => Effect(t, HopperOperation.BarrierFence, "fence.mbarrier_init.release.cluster;", []);
        table[mbarrier + "Arrive"] = (t, _, a) => Effect(t, HopperOperation.BarrierArrive, "mbarrier.arrive.shared::cta.b64 _, [%0];", [Address(t, a[0])]);
        table[mbarrier + "ArriveExpect"] = (t, _, a) => Effect(t, HopperOperation.BarrierArriveExpect, "mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;", [Address(t, a[0]), t.Value(a[1])]);
        table[mbarrier + "Wait"] = (t, _, a) => Effect(t, HopperOperation.BarrierWait,
            "{ .reg .pred done; again: mbarrier.try_wait.parity.shared::cta.b64 done, [%0], %1; @!done bra again; }", [Address(t, a[0]), t.Value(a[1])]);

        table[tma + "Load"] = Load;
        table[tma + "Store"] = (t, _, a) => Store(t, a, HopperOperation.TensorStore, "cp.async.bulk.tensor", "");
        table[tma + "Add"] = (t, _, a) => Store(t, a, HopperOperation.TensorAdd, "cp.reduce.async.bulk.tensor", ".add");
        table[tma + "Commit"] = (t, _, _) => Effect(t, HopperOperation.StoreCommit, "cp.async.bulk.commit_group;", []);
        table[tma + "WaitRead"] = (t, _, a) => Counted(t, HopperOperation.StoreWaitRead, "cp.async.bulk.wait_group.read ", a[0]);
        table[tma + "Wait"] = (t, _, a) => Counted(t, HopperOperation.StoreWait, "cp.async.bulk.wait_group ", a[0]);
        table[tma + "Fence"] = (t, _, _) => Effect(t, HopperOperation.ProxyFence, "fence.proxy.async.shared::cta;", []);

        table[wgmma + "Fence"] = (t, _, _) => Effect(t, HopperOperation.MultiplyFence, "wgmma.fence.sync.aligned;", []);
        table[wgmma + "Commit"] = (t, _, _) => Effect(t, HopperOperation.MultiplyCommit, "wgmma.commit_group.sync.aligned;", []);
        table[wgmma + "Wait"] = (t, _, a) => Counted(t, HopperOperation.MultiplyWait, "wgmma.wait_group.sync.aligned ", a[0]);
        table[wgmma + "DecreaseRegisters"] = (t, _, a) => Registers(t, "dec", a[0]);
        table[wgmma + "IncreaseRegisters"] = (t, _, a) => Registers(t, "inc", a[0]);
        MultiplyIntrinsics.Register(table, wgmma);

        table[named + "Sync"] = (t, _, a) => Effect(t, HopperOperation.NamedBarrierSync, "barrier.sync %0, %1;", [t.Value(a[0]), t.Value(a[1])]);
        table[named + "Arrive"] = (t, _, a) => Effect(t, HopperOperation.NamedBarrierArrive, "barrier.arrive %0, %1;", [t.Value(a[0]), t.Value(a[1])]);
    }

    /// <summary>An operation whose operands are %0, %1, … on CUDA.</summary>
    public static StackValue? Effect(MethodTranslator t, HopperOperation operation, string template, Value[] operands, int size = 0)
    {
        RefuseImplicit(t);
        if (t.Context.Options.Target == CompileTarget.Cpu)
            t.Emit.Effect(Opcode.Hopper, operands, new HopperInfo(operation, size));
        else
            t.Emit.Effect(Opcode.Asm, operands, new AsmInfo(template, [.. operands.Select(Input)]));
        return null;
    }

    /// <summary>An operation whose only operand is an immediate.</summary>
    public static StackValue? Counted(MethodTranslator t, HopperOperation operation, string instruction, StackValue argument)
    {
        int count = Constant(t, argument, "the number of pending groups");
        return Effect(t, operation, $"{instruction}{count};", [], count);
    }

    static StackValue? Registers(MethodTranslator t, string direction, StackValue argument)
    {
        int count = Constant(t, argument, "the number of registers");
        if (count is < 24 or > 256 || count % 8 != 0)
            throw t.Refuse(JitError.HopperOperand, $"a warpgroup asks for {count} registers.", "ask for a multiple of 8 from 24 to 256.");
        return Effect(t, HopperOperation.SetRegisters, $"setmaxnreg.{direction}.sync.aligned.u32 {count};", [], count);
    }

    static StackValue? Load(MethodTranslator t, MethodBase method, StackValue[] a)
    {
        int rank = a.Length - 3;
        Value[] coordinates = [.. a.Skip(3).Select(t.Value)];
        return Effect(t, HopperOperation.TensorLoad,
            $"cp.async.bulk.tensor.{rank}d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {Coordinates(rank, 3)}], [%2];",
            [Address(t, a[0]), t.Value(a[1]), Address(t, a[2]), .. coordinates], rank);
    }

    static StackValue? Store(MethodTranslator t, StackValue[] a, HopperOperation operation, string instruction, string kind)
    {
        int rank = a.Length - 2;
        Value[] coordinates = [.. a.Skip(2).Select(t.Value)];
        return Effect(t, operation, $"{instruction}.{rank}d.global.shared::cta{kind}.tile.bulk_group [%0, {Coordinates(rank, 2)}], [%1];",
            [t.Value(a[0]), Address(t, a[1]), .. coordinates], rank);
    }

    static string Coordinates(int rank, int first) => "{" + string.Join(", ", Enumerable.Range(first, rank).Select(k => "%" + k)) + "}";

    /// <summary>Where a reference into shared memory points.</summary>
    public static Value Address(MethodTranslator t, StackValue reference) => reference is MemoryReference memory
        ? t.Emit.Emit(Opcode.SharedAddress, IrType.I32, [memory.Pointer.Resolved])
        : throw t.Refuse(JitError.StackMemory, "an asynchronous operation on a local variable.", "use an element of a view of shared memory.");

    public static AsmOperand Input(Value value) => new(AsmOperandKind.Input, value.Type.Kind switch
    {
        IrKind.I64 => MemoryType.I64,
        IrKind.Pointer => MemoryType.Pointer,
        _ => MemoryType.I32,
    }, false);

    static int Constant(MethodTranslator t, StackValue argument, string what) => t.Value(argument) is Constant { Type.Kind: IrKind.I32 } known
        ? (int)known.Signed
        : throw t.Refuse(JitError.HopperOperand, $"{what} is not a constant.", "pass a const.");

    static void RefuseImplicit(MethodTranslator t)
    {
        if (t.Context.Options.ImplicitlyGrouped)
            throw t.Refuse(JitError.ImplicitGrouping, "an operation of a whole group in an implicitly grouped kernel.", "load it with LoadKernel and launch it with a KernelConfig.");
    }
}
