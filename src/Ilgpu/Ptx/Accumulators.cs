using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>
/// Which sums of a multiplication may keep their register: those that nobody reads after it. A copy between two asynchronous
/// multiplications of one group would make ptxas wait for the first.
/// </summary>
sealed class Accumulators
{
    /// <summary>The blocks at whose end or inside which a value is read; a phi reads at the end of its predecessor.</summary>
    readonly Dictionary<Instruction, HashSet<BasicBlock>> _readers = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<Instruction, BasicBlock> _blocks = new(ReferenceEqualityComparer.Instance);

    public Accumulators(KernelFunction function)
    {
        if (!function.Instructions.Any(instruction => instruction.Payload is AsmInfo { InPlace: true }))
            return;
        foreach (BasicBlock block in function.Blocks)
        {
            foreach (Instruction instruction in block.Instructions)
            {
                _blocks[instruction] = block;
                for (int k = 0; k < instruction.Operands.Length; k++)
                    Reads(instruction.Operands[k], instruction.IsPhi ? instruction.Incoming![k] : block);
            }
            if (block.Terminator.Condition is { } condition)
                Reads(condition, block);
        }
    }

    /// <summary>Whether a multiplication may overwrite an operand's register: nothing reads the old value after it.</summary>
    public bool Keeps(Instruction multiplication, Value value)
    {
        if (value is not Instruction definition || multiplication.Operands.Count(operand => operand == value) != 1)
            return false;
        BasicBlock block = _blocks[multiplication];
        return !IsReadLaterIn(block, multiplication, definition) && !IsReadAfter(block, definition);
    }

    void Reads(Value value, BasicBlock block)
    {
        if (value is not Instruction { Type.Kind: IrKind.F32 } instruction)
            return;
        if (!_readers.TryGetValue(instruction, out HashSet<BasicBlock>? blocks))
            _readers[instruction] = blocks = [];
        blocks.Add(block);
    }

    static bool IsReadLaterIn(BasicBlock block, Instruction multiplication, Instruction value)
    {
        int at = block.Instructions.IndexOf(multiplication);
        for (int k = at + 1; k < block.Instructions.Count; k++)
            if (!block.Instructions[k].IsPhi && block.Instructions[k].Operands.Contains(value))
                return true;
        return block.Terminator.Targets.Any(target => target.Phis.Any(phi => phi.Operands[Array.IndexOf(phi.Incoming!, block)] == value));
    }

    /// <summary>Whether a path leads from the block's end to a reader without computing the value anew.</summary>
    bool IsReadAfter(BasicBlock block, Instruction value)
    {
        HashSet<BasicBlock> readers = _readers[value], seen = [_blocks[value]];
        Stack<BasicBlock> open = new([block]);
        while (open.TryPop(out BasicBlock? next))
            foreach (BasicBlock target in next.Terminator.Targets)
            {
                if (!seen.Add(target))
                    continue;
                if (readers.Contains(target))
                    return true;
                open.Push(target);
            }
        return false;
    }
}
