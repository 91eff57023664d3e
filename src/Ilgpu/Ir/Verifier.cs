namespace IlgpuDca.Ilgpu.Ir;

/// <summary>Checks that a function is well-formed: for tests, after the front end and after every pass.</summary>
public static class Verifier
{
    /// <exception cref="InvalidOperationException">Names the pass, the block and the instruction that breaks a rule.</exception>
    public static void Check(KernelFunction function, string after)
    {
        Dominators dominators = new(function);
        Dictionary<Instruction, (BasicBlock Block, int Index)> places = [];
        HashSet<BasicBlock> blocks = [.. function.Blocks];

        void Require(bool holds, BasicBlock block, Instruction? instruction, string rule)
        {
            if (!holds)
                throw new InvalidOperationException(
                    $"{function.Name} after {after}: {block}, {instruction?.Opcode.ToString() ?? "terminator"}: {rule}\n{Printer.Print(function)}");
        }

        foreach (BasicBlock block in function.Blocks)
        {
            Require(dominators.Order.Contains(block), block, null, "the block can't be reached.");
            for (int k = 0; k < block.Instructions.Count; k++)
                Require(places.TryAdd(block.Instructions[k], (block, k)), block, block.Instructions[k], "the instruction stands in two places.");
        }

        void RequireAvailable(Value value, BasicBlock block, int index, Instruction? user)
        {
            if (value is not Instruction definition)
                return;
            Require(places.TryGetValue(definition, out var place), block, user, $"operand {definition.Opcode} is in no block.");
            bool available = place.Block == block ? place.Index < index : dominators.Dominates(place.Block, block);
            Require(available, block, user, $"operand {definition.Opcode} of {place.Block} does not dominate its use.");
        }

        foreach (BasicBlock block in function.Blocks)
        {
            bool phisOver = false;
            for (int k = 0; k < block.Instructions.Count; k++)
            {
                Instruction instruction = block.Instructions[k];
                phisOver |= !instruction.IsPhi;
                Require(!instruction.IsPhi || !phisOver, block, instruction, "a phi after another instruction.");
                if (instruction.IsPhi)
                {
                    HashSet<BasicBlock> incoming = [.. instruction.Incoming!];
                    Require(incoming.Count == instruction.Incoming!.Length && incoming.SetEquals(dominators.Predecessors[block])
                        && incoming.Count == instruction.Operands.Length, block, instruction, "the phi's incoming blocks are not the predecessors.");
                    for (int i = 0; i < instruction.Operands.Length; i++)
                        RequireAvailable(instruction.Operands[i], instruction.Incoming[i], int.MaxValue, instruction);
                }
                else
                {
                    foreach (Value operand in instruction.Operands)
                        RequireAvailable(operand, block, k, instruction);
                }
                Require(instruction.ReplacedBy is null, block, instruction, "a replaced instruction still stands in its block.");
                string? mistake = OperandRules.Mistake(instruction);
                Require(mistake is null, block, instruction, mistake ?? "");
            }
            Terminator end = block.Terminator;
            foreach (BasicBlock target in end.Targets)
                Require(blocks.Contains(target), block, null, $"the target {target} is not in the function.");
            if (end.Condition is { } condition)
            {
                RequireAvailable(condition, block, int.MaxValue, null);
                Require(condition.Type == (end.Kind == TerminatorKind.Switch ? IrType.I32 : IrType.Bool), block, null, "the condition's type.");
            }
            Require(end.Kind != TerminatorKind.Branch || end.Targets[0] != end.Targets[1], block, null, "a branch to one block twice.");
        }
    }
}
