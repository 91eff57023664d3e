using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>Branches, and the phis of the blocks that they lead to.</summary>
sealed partial class ThreadCode
{
    /// <summary>Ends a block: sets the phis of the block that follows and goes there.</summary>
    /// <param name="next">The block whose code is emitted next, if any.</param>
    /// <param name="leave">Where a thread goes that returns.</param>
    public void EmitTerminator(BasicBlock block, BasicBlock? next, Label leave)
    {
        Terminator end = block.Terminator;
        switch (end.Kind)
        {
            case TerminatorKind.Return:
                il.Emit(OpCodes.Br, leave);
                break;
            case TerminatorKind.Jump:
                EmitEdge(block, end.Targets[0], next);
                break;
            case TerminatorKind.Branch:
                EmitBranch(block, end, next);
                break;
            case TerminatorKind.Switch:
                Label[] cases = [.. end.Targets.Select(_ => il.DefineLabel())];
                Push(end.Condition!);
                il.Emit(OpCodes.Switch, cases[..^1]);
                for (int k = cases.Length - 1; k >= 0; k--)
                {
                    il.MarkLabel(cases[k]);
                    EmitEdge(block, end.Targets[k], k == 0 ? next : null);
                }
                break;
        }
    }

    void EmitBranch(BasicBlock block, Terminator end, BasicBlock? next)
    {
        // The branch is taken to the block that does not follow, and straight where its edge sets nothing.
        int taken = end.Targets[0] == next ? 1 : 0;
        BasicBlock far = end.Targets[taken], near = end.Targets[1 - taken];
        bool direct = Copies(block, far).Count == 0;
        Label label = direct ? places.LabelOf(far) : il.DefineLabel();
        EmitConditionalBranch(end.Condition!, taken == 1, label);
        if (direct)
        {
            EmitEdge(block, near, next);
            return;
        }
        EmitEdge(block, near, null);
        il.MarkLabel(label);
        EmitEdge(block, far, next);
    }

    void EmitConditionalBranch(Value condition, bool whenFalse, Label label)
    {
        while (condition is Instruction { Opcode: Opcode.Not } not && _placements.Of(not) == Placement.Folded)
            (condition, whenFalse) = (not.Operands[0], !whenFalse);
        if (condition is Instruction { Opcode: Opcode.Compare } compare && _placements.Of(compare) == Placement.Folded)
        {
            Push(compare.Operands[0]);
            Push(compare.Operands[1]);
            ArithmeticEmitter.EmitBranch(il, compare.Operands[0].Type, compare.Comparison, whenFalse, label);
            return;
        }
        Push(condition);
        il.Emit(whenFalse ? OpCodes.Brfalse : OpCodes.Brtrue, label);
    }

    void EmitEdge(BasicBlock from, BasicBlock to, BasicBlock? next)
    {
        List<(LocalBuilder Target, Variable Variable, Value Source)> copies = Copies(from, to);
        // A phi that no waiting copy reads may be set at once; a cycle goes over the stack.
        while (copies.Count > 0)
        {
            int free = copies.FindIndex(copy => copies.All(other =>
                other.Variable == copy.Variable || !_placements.Leaves(other.Source).Contains(copy.Variable)));
            int count = free < 0 ? copies.Count : 1;
            int first = Math.Max(free, 0);
            for (int k = first; k < first + count; k++)
                Push(copies[k].Source);
            for (int k = first + count - 1; k >= first; k--)
                il.Emit(OpCodes.Stloc, copies[k].Target);
            copies.RemoveRange(first, count);
        }
        if (to != next)
            il.Emit(OpCodes.Br, places.LabelOf(to));
    }

    List<(LocalBuilder Target, Variable Variable, Value Source)> Copies(BasicBlock from, BasicBlock to)
    {
        List<(LocalBuilder Target, Variable Variable, Value Source)> copies = [];
        foreach (Instruction phi in to.Phis)
        {
            int k = Array.IndexOf(phi.Incoming!, from);
            if (_placements.Of(phi) == Placement.Dead || phi.Operands[k] == phi)
                continue;
            Variable variable = _placements.VariableOf(phi);
            copies.Add((places.Local(variable), variable, phi.Operands[k]));
        }
        return copies;
    }
}
