using System.Text;

namespace IlgpuDca.Ilgpu.Ir;

/// <summary>The IR as text, for people: one instruction a line, values numbered in order.</summary>
public static class Printer
{
    public static string Print(KernelFunction function)
    {
        Dictionary<Value, int> numbers = new(ReferenceEqualityComparer.Instance);
        foreach (Instruction instruction in function.Instructions)
            if (instruction.Type.Kind != IrKind.Void)
                numbers[instruction] = numbers.Count;

        string Name(Value value) => value is Instruction ? numbers.TryGetValue(value, out int n) ? "v" + n : "v?" : value.ToString()!;

        StringBuilder text = new();
        text.Append("kernel ").Append(function.Name).Append('(');
        text.AppendJoin(", ", function.Parameters.Select(parameter => $"{parameter} {parameter.Type}")).Append(")\n");
        foreach (BasicBlock block in function.Blocks)
        {
            text.Append(block).Append(":\n");
            foreach (Instruction instruction in block.Instructions)
            {
                text.Append("    ");
                if (instruction.Type.Kind != IrKind.Void)
                    text.Append(Name(instruction)).Append(" : ").Append(instruction.Type).Append(" = ");
                text.Append(instruction.Opcode.ToString().ToLowerInvariant());
                if (instruction.Incoming is { } incoming)
                    text.Append(' ').AppendJoin(", ", instruction.Operands.Zip(incoming, (value, from) => $"[{from}: {Name(value)}]"));
                else if (instruction.Operands.Length > 0)
                    text.Append(' ').AppendJoin(", ", instruction.Operands.Select(Name));
                if (instruction.Payload is { } payload)
                    text.Append("  ; ").Append(Describe(payload));
                text.Append('\n');
            }
            Terminator end = block.Terminator;
            text.Append("    ").Append(end.Kind.ToString().ToLowerInvariant());
            if (end.Condition is { } condition)
                text.Append(' ').Append(Name(condition));
            if (end.Targets.Length > 0)
                text.Append(" -> ").AppendJoin(", ", end.Targets.Select(target => target.ToString()));
            text.Append('\n');
        }
        return text.ToString();
    }

    static string Describe(object payload) => payload switch
    {
        Comparison comparison => comparison.Predicate.ToString().ToLowerInvariant()
            + (comparison.Unsigned ? " unsigned" : "") + (comparison.Unordered ? " unordered" : ""),
        MemoryAccess access => $"{access.Type.ToString().ToLowerInvariant()} x{access.Count} align {access.Alignment}",
        AllocaInfo info => $"{info.Space.ToString().ToLowerInvariant()} {info.Bytes} bytes align {info.Alignment}",
        AtomicInfo info => $"{info.Operation.ToString().ToLowerInvariant()} {info.Type.ToString().ToLowerInvariant()}",
        AsmInfo info => $"\"{info.Template}\"",
        CollectiveInfo info => $"{info.Routine.DeclaringType?.Name}.{info.Routine.Name}",
        byte[] data => $"{data.Length} bytes",
        _ => payload.ToString()!.ToLowerInvariant(),
    };
}
