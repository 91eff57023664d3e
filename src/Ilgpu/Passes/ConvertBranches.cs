using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>Turns a branch around nothing, taken only to choose between values, into selects: loops that hold it stay one block.</summary>
static class ConvertBranches
{
    /// <summary>Values chosen by one branch; a branch is cheaper than more selects.</summary>
    const int SelectLimit = 4;

    public static void Run(KernelFunction function)
    {
        Dictionary<BasicBlock, List<BasicBlock>> predecessors = function.Predecessors();
        bool changed = false;
        foreach (BasicBlock block in function.Blocks)
            changed |= Convert(block, predecessors);
        if (changed)
            CleanUp.Run(function);
    }

    static bool Convert(BasicBlock block, Dictionary<BasicBlock, List<BasicBlock>> predecessors)
    {
        if (block.Terminator is not { Kind: TerminatorKind.Branch, Condition: { } condition, Targets: [var whenTrue, var whenFalse] })
            return false;
        BasicBlock? throughTrue = Empty(whenTrue, predecessors), throughFalse = Empty(whenFalse, predecessors);
        BasicBlock join = throughTrue ?? whenTrue;
        if (join != (throughFalse ?? whenFalse))
        {
            // One arm may itself be where the other leads.
            if (throughTrue == whenFalse)
                (join, throughFalse) = (whenFalse, null);
            else if (throughFalse == whenTrue)
                (join, throughTrue) = (whenTrue, null);
            else
                return false;
        }
        BasicBlock fromTrue = throughTrue is null ? block : whenTrue, fromFalse = throughFalse is null ? block : whenFalse;
        Instruction[] phis = [.. join.Phis];
        if (fromTrue == fromFalse || join == block || phis.Length > SelectLimit)
            return false;

        foreach (Instruction phi in phis)
        {
            int atTrue = Array.IndexOf(phi.Incoming!, fromTrue), atFalse = Array.IndexOf(phi.Incoming!, fromFalse);
            Instruction select = new(Opcode.Select, phi.Type, [condition, phi.Operands[atTrue], phi.Operands[atFalse]]) { Location = phi.Location };
            block.Instructions.Add(select);
            int[] kept = [.. Enumerable.Range(0, phi.Operands.Length).Where(k => k != atTrue && k != atFalse)];
            phi.Operands = [.. kept.Select(k => phi.Operands[k]), select];
            phi.Incoming = [.. kept.Select(k => phi.Incoming![k]), block];
        }
        block.Terminator = new Terminator(TerminatorKind.Jump, null, join) { Location = block.Terminator.Location };
        predecessors[join].RemoveAll(from => from == fromTrue || from == fromFalse);
        predecessors[join].Add(block);
        return true;
    }

    /// <summary>Where a block leads that does nothing and is reached from one place; else null.</summary>
    static BasicBlock? Empty(BasicBlock block, Dictionary<BasicBlock, List<BasicBlock>> predecessors) =>
        block.Instructions.Count == 0 && block.Terminator.Kind == TerminatorKind.Jump && predecessors[block].Count == 1 ? block.Terminator.Targets[0] : null;
}
