using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>
/// Which sums of a multiplication may keep their register: a copy between two asynchronous multiplications of one group would make
/// ptxas wait for the first.
/// </summary>
sealed class Accumulators
{
    readonly Dictionary<Instruction, int> _uses = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<Instruction, BasicBlock> _blocks = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<(BasicBlock Definition, BasicBlock Use), bool> _returns = [];

    public Accumulators(KernelFunction function)
    {
        if (!function.Instructions.Any(instruction => instruction.Payload is AsmInfo { InPlace: true }))
            return;
        foreach (BasicBlock block in function.Blocks)
            foreach (Instruction instruction in block.Instructions)
            {
                _blocks[instruction] = block;
                foreach (Value operand in instruction.Operands)
                    if (operand is Instruction used)
                        _uses[used] = _uses.GetValueOrDefault(used) + 1;
            }
    }

    /// <summary>
    /// Whether a multiplication may overwrite an operand's register: nothing else reads the value, and the multiplication does not
    /// run again before it is computed anew.
    /// </summary>
    public bool Keeps(Instruction multiplication, Value value)
    {
        if (value is not Instruction definition || _uses.GetValueOrDefault(definition) != 1)
            return false;
        (BasicBlock from, BasicBlock to) = (_blocks[definition], _blocks[multiplication]);
        if (from == to)
            return true;
        if (!_returns.TryGetValue((from, to), out bool returns))
            _returns[(from, to)] = returns = ReachesItself(to, from);
        return !returns;
    }

    /// <summary>Whether a path leads from a block back to it without passing another.</summary>
    static bool ReachesItself(BasicBlock block, BasicBlock without)
    {
        HashSet<BasicBlock> seen = [without];
        Stack<BasicBlock> open = new([block]);
        while (open.TryPop(out BasicBlock? next))
            foreach (BasicBlock target in next.Terminator.Targets)
            {
                if (target == block)
                    return true;
                if (seen.Add(target))
                    open.Push(target);
            }
        return false;
    }
}
