using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>Applies <see cref="Simplifier"/> everywhere, until nothing changes.</summary>
static class FoldConstants
{
    public static void Run(KernelFunction function)
    {
        HashSet<Instruction> placed = [.. function.Instructions];
        Dictionary<Value, Value> replaced = new(ReferenceEqualityComparer.Instance);
        Value Resolve(Value value)
        {
            while (replaced.TryGetValue(value, out Value? next))
                value = next;
            return value;
        }

        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (BasicBlock block in function.Blocks)
            {
                List<Instruction> instructions = block.Instructions;
                // The block with what was made, from the first such instruction on.
                List<Instruction>? rebuilt = null;
                for (int k = 0; k < instructions.Count; k++)
                {
                    Instruction instruction = instructions[k];
                    for (int i = 0; i < instruction.Operands.Length; i++)
                        instruction.Operands[i] = Resolve(instruction.Operands[i]);
                    if (instruction.IsPure && !replaced.ContainsKey(instruction)
                        && Simplifier.Simplify(instruction.Opcode, instruction.Type, instruction.Operands, instruction.Payload) is { } simpler)
                    {
                        if (simpler is Instruction made && placed.Add(made))
                        {
                            made.Location = instruction.Location;
                            rebuilt ??= [.. instructions.Take(k)];
                            rebuilt.Add(made);
                        }
                        replaced[instruction] = simpler;
                        changed = true;
                    }
                    rebuilt?.Add(instruction);
                }
                block.Instructions = rebuilt ?? instructions;
            }
        }
        function.Replace(replaced);
        foreach (BasicBlock block in function.Blocks)
            block.Instructions.RemoveAll(replaced.ContainsKey);
    }
}
