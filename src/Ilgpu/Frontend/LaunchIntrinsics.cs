using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>ProgrammaticLaunch: inline PTX on devices that have it, nothing elsewhere.</summary>
static class LaunchIntrinsics
{
    const string Wait = "griddepcontrol.wait;";

    public static void Register(Dictionary<string, Intrinsic> table)
    {
        const string launch = "IlgpuDca.Ilgpu.Extensions.ProgrammaticLaunch.";
        table[launch + "WaitForPrevious"] = (t, _, _) => Effect(t, Wait);
        table[launch + "AllowNext"] = (t, _, _) => Effect(t, "griddepcontrol.launch_dependents;");
    }

    /// <summary>Whether a kernel waits for the one before it by itself, so that it may be launched early.</summary>
    public static bool WaitsForPrevious(KernelFunction function) =>
        function.Instructions.Any(instruction => instruction is { Opcode: Opcode.Asm, Payload: AsmInfo { Template: Wait } });

    static StackValue? Effect(MethodTranslator t, string template)
    {
        if (t.Context.Options is { Target: CompileTarget.Cuda, LaunchesOverlap: true })
            t.Emit.Effect(Opcode.Asm, [], new AsmInfo(template, []));
        return null;
    }
}
