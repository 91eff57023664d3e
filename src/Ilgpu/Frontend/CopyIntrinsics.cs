using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// AsyncCopy and SharedAddress: cp.async on CUDA, <see cref="Opcode.Hopper"/> on the CPU accelerator.
/// </summary>
static class CopyIntrinsics
{
    const int ElementBytes = 16;

    public static void Register(Dictionary<string, Intrinsic> table)
    {
        const string extensions = "IlgpuDca.Ilgpu.Extensions.", copy = extensions + "AsyncCopy.";
        table[copy + "Copy"] = Copy;
        table[copy + "Commit"] = (t, _, _) =>
            HopperIntrinsics.Effect(t, HopperOperation.CopyCommit, "cp.async.commit_group;", []);
        table[copy + "Wait"] = (t, _, a) =>
            HopperIntrinsics.Counted(t, HopperOperation.CopyWait, "cp.async.wait_group ", a[0]);
        table[extensions + "SharedAddress.Of"] = (t, _, a) => new Scalar(HopperIntrinsics.Address(t, a[0]));
    }

    static StackValue? Copy(MethodTranslator t, MethodBase method, StackValue[] a)
    {
        Type element = method.GetGenericArguments()[0];
        int bytes = t.Layout(element).Size;
        if (bytes != ElementBytes)
            throw t.Refuse(JitError.HopperOperand, $"an asynchronous copy of a {element.Name} of {bytes} bytes.",
                $"cast the views to an element of {ElementBytes} bytes.");
        Value source = a[1] is MemoryReference memory ? memory.Pointer.Resolved
            : throw t.Refuse(JitError.StackMemory, "an asynchronous copy of a local variable.",
                "use an element of a view of global memory.");
        return HopperIntrinsics.Effect(t, HopperOperation.Copy,
            $"cp.async.cg.shared.global [%0], [%1], {ElementBytes}, %2;",
            [HopperIntrinsics.Address(t, a[0]), source, t.Value(a[2])]);
    }
}
