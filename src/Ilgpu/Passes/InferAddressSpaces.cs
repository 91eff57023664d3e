using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>
/// Finds the memory that each pointer points into: phis and selects of pointers into one memory point into it, and so do sums.
/// Optimistic: what a loop gives back to itself says nothing new.
/// </summary>
static class InferAddressSpaces
{
    public static void Run(KernelFunction function)
    {
        // A pointer that isn't in the map yet is undecided.
        Dictionary<Value, AddressSpace> spaces = new(ReferenceEqualityComparer.Instance);
        bool changed = true;
        while (changed)
        {
            changed = false;
            foreach (Instruction instruction in function.Instructions)
            {
                if (!instruction.Type.IsPointer || Space(instruction, spaces) is not { } space)
                    continue;
                if (spaces.TryGetValue(instruction, out AddressSpace known) && known == space)
                    continue;
                spaces[instruction] = space;
                changed = true;
            }
        }
        foreach ((Value pointer, AddressSpace space) in spaces)
            pointer.Type = IrType.Pointer(space);
    }

    static AddressSpace? Space(Instruction instruction, Dictionary<Value, AddressSpace> spaces)
    {
        IEnumerable<Value> sources = instruction.Opcode switch
        {
            Opcode.Phi => instruction.Operands,
            Opcode.Select => instruction.Operands.Skip(1),
            Opcode.PointerAdd or Opcode.AssumeAligned => instruction.Operands.Take(1),
            _ => [],
        };
        AddressSpace? common = null;
        bool any = false;
        foreach (Value source in sources)
        {
            any = true;
            AddressSpace? space = source switch
            {
                Constant or Undefined => null,
                Instruction when spaces.TryGetValue(source, out AddressSpace known) => known,
                Instruction { Opcode: Opcode.Phi or Opcode.Select or Opcode.PointerAdd or Opcode.AssumeAligned } => null,
                _ => source.Type.Space,
            };
            if (space is { } found)
                common = common is { } other && other != found ? AddressSpace.Generic : found;
            if (common == AddressSpace.Generic)
                return common;
        }
        return any ? common : instruction.Type.Space;
    }
}
