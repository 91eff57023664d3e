using System.Text;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>The PTX text of kernels.</summary>
public static class PtxModule
{
    /// <summary>The dynamic shared memory of a launch, under the name that ILGPU gives it.</summary>
    public const string DynamicShared = "__dyn_shared_alloca";

    /// <summary>Prints a module that holds one kernel, under its <see cref="KernelFunction.Name"/>.</summary>
    public static string Emit(KernelFunction function, PtxTarget target)
    {
        StringBuilder text = new();
        text.Append(target.Header).Append('\n');
        if (function.Instructions.Any(instruction => instruction.Opcode == Opcode.DynamicShared))
            text.Append(".extern .shared .align 1024 .b8 ").Append(DynamicShared).Append("[];\n");
        new PtxFunctionEmitter(function).Emit(text);
        return text.ToString();
    }
}
