using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>Within a block, loads a place once: a load repeats an earlier one where nothing in between may have written there.</summary>
static class RedundantLoads
{
    public static void Run(KernelFunction function)
    {
        foreach (BasicBlock block in function.Blocks)
        {
            List<Instruction> known = [];
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.Opcode == Opcode.Load)
                {
                    Instruction? earlier = known.Find(load => ReferenceEquals(load.Operands[0], instruction.Operands[0])
                        && load.Access.Type == instruction.Access.Type && load.Access.Count == instruction.Access.Count);
                    if (earlier is null)
                        known.Add(instruction);
                    else
                        instruction.ReplacedBy = earlier;
                }
                else if (instruction.Opcode == Opcode.Store)
                {
                    AddressSpace written = instruction.Operands[0].Type.Space;
                    known.RemoveAll(load => MayAlias(load.Operands[0].Type.Space, written));
                }
                else if (instruction.ClobbersMemory)
                {
                    known.Clear();
                }
            }
        }
        function.ApplyReplacements();
    }

    static bool MayAlias(AddressSpace a, AddressSpace b) => a == b || a == AddressSpace.Generic || b == AddressSpace.Generic;
}
