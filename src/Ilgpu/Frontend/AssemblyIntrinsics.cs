using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>CudaAsm: inline PTX with its operands in registers.</summary>
static class AssemblyIntrinsics
{
    public static void Register(Dictionary<string, Intrinsic> table)
    {
        table["ILGPU.Runtime.Cuda.CudaAsm.get_IsSupported"] = (t, _, _) =>
            new Scalar(Constant.Int(t.Context.Options.Target == CompileTarget.Cuda ? 1 : 0));
        table["ILGPU.Runtime.Cuda.CudaAsm.Emit"] = Emit;
        table["ILGPU.Runtime.Cuda.CudaAsm.EmitRef"] = Emit;
    }

    /// <summary>Operands by value are inputs, out ones outputs; EmitRef's say by their type: Input, Output or Ref of T.</summary>
    static StackValue? Emit(MethodTranslator t, MethodBase method, StackValue[] arguments)
    {
        if (t.Context.Options.Target == CompileTarget.Cpu)
            throw t.Refuse(JitError.AssemblyOnCpu, "inline PTX is reached on the CPU accelerator.", "guard it with CudaAsm.IsSupported and write the same in C# beside it.");
        if (arguments[0] is not Text template)
            throw t.Refuse(JitError.InlineAssembly, "the text of inline PTX is not a constant.", "pass a string constant.");

        List<AsmOperand> operands = [];
        List<Value> inputs = [];
        List<(StackValue Reference, Type Type, Type Scalar)> outputs = [];
        ParameterInfo[] parameters = method.GetParameters();
        for (int k = 1; k < arguments.Length; k++)
        {
            bool byRef = parameters[k].ParameterType.IsByRef;
            Type type = byRef ? parameters[k].ParameterType.GetElementType()! : parameters[k].ParameterType;
            (AsmOperandKind kind, Type scalar) = Binding(type, byRef);
            if (t.Layout(scalar).Leaves is not [{ Type: not MemoryType.Pointer } leaf])
                throw t.Refuse(JitError.InlineAssembly, $"operand %{k - 1} of inline PTX is a {scalar.Name}.", "pass numbers; a view's address can't be an operand.");
            operands.Add(new AsmOperand(kind, leaf.Type, leaf.IsBool));
            if (kind != AsmOperandKind.Output)
                inputs.Add(t.Value(byRef ? t.Read(arguments[k], type) : arguments[k]));
            if (kind != AsmOperandKind.Input)
                outputs.Add((arguments[k], type, scalar));
        }
        CheckOperands(t, template.Value, operands.Count);

        Value tuple = t.Emit.Emit(Opcode.Asm, outputs.Count == 0 ? IrType.Void : IrType.Tuple, [.. inputs], new AsmInfo(template.Value, operands));
        for (int k = 0; k < outputs.Count; k++)
            t.Write(outputs[k].Reference, new Scalar(t.Extract(tuple, k, t.Layout(outputs[k].Scalar).Leaves[0].Type)), outputs[k].Type);
        return null;
    }

    static (AsmOperandKind Kind, Type Scalar) Binding(Type type, bool byRef)
    {
        if (!byRef)
            return (AsmOperandKind.Input, type);
        string name = type.IsGenericType ? type.GetGenericTypeDefinition().FullName! : "";
        return name switch
        {
            "ILGPU.Runtime.Cuda.Input`1" => (AsmOperandKind.Input, type.GetGenericArguments()[0]),
            "ILGPU.Runtime.Cuda.Ref`1" => (AsmOperandKind.InOut, type.GetGenericArguments()[0]),
            "ILGPU.Runtime.Cuda.Output`1" => (AsmOperandKind.Output, type.GetGenericArguments()[0]),
            _ => (AsmOperandKind.Output, type),
        };
    }

    static void CheckOperands(MethodTranslator t, string template, int count)
    {
        for (int at = template.IndexOf('%', StringComparison.Ordinal); at >= 0; at = template.IndexOf('%', at + 1))
        {
            if (at + 1 < template.Length && template[at + 1] == '%')
            {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < template.Length && char.IsAsciiDigit(template[end]))
                end++;
            if (end == at + 1)
                throw t.Refuse(JitError.InlineAssembly, $"'%' without a number at position {at} of \"{template}\".", "write %% for a PTX register or a literal percent.");
            if (int.Parse(template.AsSpan(at + 1, end - at - 1), System.Globalization.CultureInfo.InvariantCulture) >= count)
                throw t.Refuse(JitError.InlineAssembly, $"{template[at..end]} in \"{template}\", which has {count} operands.", "pass the missing operand.");
        }
    }
}
