using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>
/// Tidies the control flow and removes what nothing needs: constant branches, unreachable blocks, phis of one value, straight
/// lines cut into blocks, empty blocks, dead instructions.
/// </summary>
static class CleanUp
{
    public static void Run(KernelFunction function)
    {
        bool changed = true;
        while (changed)
        {
            FoldBranches(function);
            changed = RemoveUnreachable(function);
            changed |= RemoveTrivialPhis(function);
            changed |= MergeStraightLines(function);
            changed |= SkipEmptyBlocks(function);
        }
        RemoveDead(function);
    }

    static void FoldBranches(KernelFunction function)
    {
        foreach (BasicBlock block in function.Blocks)
        {
            Terminator end = block.Terminator;
            BasicBlock? only = end.Kind switch
            {
                TerminatorKind.Branch when end.Targets[0] == end.Targets[1] => end.Targets[0],
                TerminatorKind.Branch when end.Condition is Constant condition => end.Targets[condition.Bits != 0 ? 0 : 1],
                TerminatorKind.Switch when end.Condition is Constant selector =>
                    end.Targets[(int)Math.Min(selector.Bits, (ulong)end.Targets.Length - 1)],
                TerminatorKind.Switch when Array.TrueForAll(end.Targets, target => target == end.Targets[0]) => end.Targets[0],
                _ => null,
            };
            if (only is null)
                continue;
            foreach (BasicBlock target in end.Targets.Distinct())
                if (target != only)
                    RemoveIncoming(target, block);
            block.Terminator = new Terminator(TerminatorKind.Jump, null, only) { Location = end.Location };
        }
    }

    /// <summary>Takes a predecessor out of a block's phis.</summary>
    static void RemoveIncoming(BasicBlock block, BasicBlock predecessor)
    {
        foreach (Instruction phi in block.Phis)
        {
            int at = Array.IndexOf(phi.Incoming!, predecessor);
            if (at < 0)
                continue;
            phi.Incoming = [.. phi.Incoming!.Where((_, k) => k != at)];
            phi.Operands = [.. phi.Operands.Where((_, k) => k != at)];
        }
    }

    static bool RemoveUnreachable(KernelFunction function)
    {
        HashSet<BasicBlock> reached = [function.Entry];
        Stack<BasicBlock> open = new(reached);
        while (open.TryPop(out BasicBlock? block))
            foreach (BasicBlock target in block.Terminator.Targets)
                if (reached.Add(target))
                    open.Push(target);
        if (reached.Count == function.Blocks.Count)
            return false;
        foreach (BasicBlock block in function.Blocks)
            if (!reached.Contains(block))
                foreach (BasicBlock target in block.Terminator.Targets.Distinct())
                    if (reached.Contains(target))
                        RemoveIncoming(target, block);
        function.Blocks.RemoveAll(block => !reached.Contains(block));
        return true;
    }

    static bool RemoveTrivialPhis(KernelFunction function)
    {
        bool found = false, again = true;
        while (again)
        {
            again = false;
            foreach (BasicBlock block in function.Blocks)
                foreach (Instruction phi in block.Phis)
                    if (phi.ReplacedBy is null && OnlyValue(phi) is { } value)
                    {
                        phi.ReplacedBy = value;
                        found = again = true;
                    }
        }
        return found && function.ApplyReplacements();
    }

    /// <summary>The one value that a phi can have, or null.</summary>
    static Value? OnlyValue(Instruction phi)
    {
        Value? only = null;
        foreach (Value operand in phi.Operands)
        {
            Value value = operand.Resolved;
            if (ReferenceEquals(value, phi) || ReferenceEquals(value, only))
                continue;
            if (only is Constant a && value is Constant b && a.Bits == b.Bits)
                continue;
            if (only is not null)
                return null;
            only = value;
        }
        return only ?? new Undefined(phi.Type);
    }

    static bool MergeStraightLines(KernelFunction function)
    {
        Dictionary<BasicBlock, List<BasicBlock>> predecessors = function.Predecessors();
        HashSet<BasicBlock> gone = [];
        foreach (BasicBlock block in function.Blocks)
        {
            if (gone.Contains(block))
                continue;
            while (block.Terminator is { Kind: TerminatorKind.Jump, Targets: [var next] } && next != block && next != function.Entry
                && predecessors[next].Count == 1 && !next.Phis.Any())
            {
                block.Instructions.AddRange(next.Instructions);
                block.Terminator = next.Terminator;
                gone.Add(next);
                foreach (BasicBlock target in next.Terminator.Targets.Distinct())
                {
                    Rename(target, next, block);
                    predecessors[target][predecessors[target].IndexOf(next)] = block;
                }
            }
        }
        function.Blocks.RemoveAll(gone.Contains);
        return gone.Count > 0;
    }

    static void Rename(BasicBlock block, BasicBlock from, BasicBlock to)
    {
        foreach (Instruction phi in block.Phis)
            for (int k = 0; k < phi.Incoming!.Length; k++)
                if (phi.Incoming[k] == from)
                    phi.Incoming[k] = to;
    }

    /// <summary>Sends the predecessors of a block that only jumps straight to its target, where the target's phis allow it.</summary>
    static bool SkipEmptyBlocks(KernelFunction function)
    {
        bool changed = false;
        Dictionary<BasicBlock, List<BasicBlock>> predecessors = function.Predecessors();
        foreach (BasicBlock empty in function.Blocks)
        {
            if (empty == function.Entry || empty.Instructions.Count > 0
                || empty.Terminator is not { Kind: TerminatorKind.Jump, Targets: [var target] } || target == empty)
                continue;
            List<BasicBlock> from = predecessors[empty];
            if (from.Count == 0 || from.Contains(empty) || target.Phis.Any() && from.Any(block => predecessors[target].Contains(block)))
                continue;
            foreach (Instruction phi in target.Phis)
            {
                int at = Array.IndexOf(phi.Incoming!, empty);
                Value value = phi.Operands[at];
                phi.Incoming = [.. phi.Incoming!.Where((_, k) => k != at), .. from];
                phi.Operands = [.. phi.Operands.Where((_, k) => k != at), .. from.Select(_ => value)];
            }
            foreach (BasicBlock block in from)
            {
                block.Terminator.Targets = [.. block.Terminator.Targets.Select(t => t == empty ? target : t)];
                if (!predecessors[target].Contains(block))
                    predecessors[target].Add(block);
            }
            predecessors[target].Remove(empty);
            predecessors[empty] = [];
            changed = true;
        }
        return changed;
    }

    static void RemoveDead(KernelFunction function)
    {
        int live = function.NewMark();
        Stack<Instruction> open = new();
        void Mark(Value value)
        {
            if (value is not Instruction instruction || instruction.Mark == live)
                return;
            instruction.Mark = live;
            open.Push(instruction);
        }
        foreach (BasicBlock block in function.Blocks)
        {
            foreach (Instruction instruction in block.Instructions)
                if (instruction.HasSideEffect)
                    Mark(instruction);
            if (block.Terminator.Condition is { } condition)
                Mark(condition);
        }
        while (open.TryPop(out Instruction? needed))
            foreach (Value operand in needed.Operands)
                Mark(operand);
        foreach (BasicBlock block in function.Blocks)
            block.Instructions.RemoveAll(instruction => instruction.Mark != live);
    }
}
