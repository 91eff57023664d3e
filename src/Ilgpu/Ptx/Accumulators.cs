using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>
/// Which sums of a multiplication may keep their register: those that nobody reads after it. A copy between two asynchronous
/// multiplications of one group would make ptxas wait for the first.
/// </summary>
sealed class Accumulators
{
    /// <summary>Where a value is read: the block and the place in it; a phi reads at the end of its predecessor.</summary>
    readonly Dictionary<Instruction, List<(BasicBlock Block, int Place)>> _reads = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<Instruction, (BasicBlock Block, int Place)> _places = new(ReferenceEqualityComparer.Instance);

    public Accumulators(KernelFunction function)
    {
        if (!function.Instructions.Any(instruction => instruction.Payload is AsmInfo { InPlace: true }))
            return;
        foreach (BasicBlock block in function.Blocks)
        {
            for (int place = 0; place < block.Instructions.Count; place++)
            {
                Instruction instruction = block.Instructions[place];
                _places[instruction] = (block, place);
                for (int k = 0; k < instruction.Operands.Length; k++)
                    Reads(instruction.Operands[k], instruction.IsPhi ? instruction.Incoming![k] : block, instruction.IsPhi ? int.MaxValue : place);
            }
            if (block.Terminator.Condition is { } condition)
                Reads(condition, block, int.MaxValue);
        }
    }

    /// <summary>Whether a multiplication may overwrite an operand's register: nothing reads the old value after it.</summary>
    public bool Keeps(Instruction multiplication, Value value)
    {
        if (value is not Instruction definition)
            return false;
        (BasicBlock block, int place) = _places[multiplication];
        List<(BasicBlock Block, int Place)> reads = _reads[definition];
        return reads.Count(read => read == (block, place)) == 1
            && !reads.Exists(read => read.Block == block && read.Place > place)
            && (reads.Count == 1 && _places[definition].Block == block || !IsReadAfter(block, definition));
    }

    void Reads(Value value, BasicBlock block, int place)
    {
        if (value is not Instruction { Type.Kind: IrKind.F32 } instruction)
            return;
        if (!_reads.TryGetValue(instruction, out List<(BasicBlock Block, int Place)>? reads))
            _reads[instruction] = reads = [];
        reads.Add((block, place));
    }

    /// <summary>Whether a path leads from the block's end to a reader without computing the value anew.</summary>
    bool IsReadAfter(BasicBlock block, Instruction value)
    {
        HashSet<BasicBlock> readers = [.. _reads[value].Select(read => read.Block)], seen = [_places[value].Block];
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
