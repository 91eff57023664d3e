using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>Applies <see cref="Simplifier"/> everywhere, until nothing changes.</summary>
static class FoldConstants
{
    public static void Run(KernelFunction function)
    {
        int placed = function.NewMark();
        foreach (Instruction instruction in function.Instructions)
            instruction.Mark = placed;

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
                        instruction.Operands[i] = instruction.Operands[i].Resolved;
                    if (instruction.IsPure && instruction.ReplacedBy is null
                        && Simplifier.Simplify(instruction.Opcode, instruction.Type, instruction.Operands, instruction.Payload) is { } simpler)
                    {
                        if (simpler is Instruction made && made.Mark != placed)
                        {
                            (made.Mark, made.Location) = (placed, instruction.Location);
                            rebuilt ??= [.. instructions.Take(k)];
                            rebuilt.Add(made);
                        }
                        instruction.ReplacedBy = simpler;
                        changed = true;
                    }
                    rebuilt?.Add(instruction);
                }
                block.Instructions = rebuilt ?? instructions;
            }
        }
        function.ApplyReplacements();
    }
}
