using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>
/// Writes out loops with constant trip counts, inner ones first: always (up to a limit) where the loop's counter indexes local
/// memory, so that the array can live in registers; otherwise while the result stays small.
/// </summary>
static class UnrollLoops
{
    /// <summary>Instructions that a loop without local arrays may grow to.</summary>
    const int PlainBudget = 320;

    /// <summary>Instructions that a loop over a local array may grow to. On the CPU the array stays in the frame beyond.</summary>
    static int ArrayBudget(bool forCpu) => forCpu ? 1500 : 60_000;

    const int TripLimit = 4096;

    public static void Run(KernelFunction function, bool forCpu)
    {
        HashSet<BasicBlock> refused = [];
        while (true)
        {
            // One round takes all innermost loops that qualify; the loops around them are looked at again afterwards.
            HashSet<BasicBlock> unrolled = [];
            foreach (Loop loop in Loop.Find(function))
            {
                if (refused.Contains(loop.Header) || loop.Blocks.Overlaps(unrolled))
                    continue;
                if (TripCount.Find(loop, TripLimit) is { } trips
                    && (long)loop.Size * Math.Max(1, trips.Stays) <= (IndexesLocalMemory(loop) || Multiplies(loop) ? ArrayBudget(forCpu) : PlainBudget))
                {
                    unrolled.UnionWith(loop.Blocks);
                    Unroll(function, loop, trips.Test, trips.Stays);
                }
                else
                {
                    refused.Add(loop.Header);
                }
            }
            if (unrolled.Count == 0)
                return;
            CleanUp.Run(function);
            FoldConstants.Run(function);
            CleanUp.Run(function);
            // Branches that are gone have left constants where values met.
            FoldConstants.Run(function);
        }
    }

    /// <summary>
    /// Whether the loop has multiplications that add to registers: between those of a warpgroup no copy may stand, and
    /// those of a warp run beside the loads for the next.
    /// </summary>
    static bool Multiplies(Loop loop) => loop.Blocks.SelectMany(block => block.Instructions).Any(instruction =>
        instruction.Payload is AsmInfo info
        && info.Operands.Any(operand => operand is { Kind: AsmOperandKind.InOut, Type: MemoryType.F32 }));

    /// <summary>Whether the address of a local-memory access depends on a phi of the header.</summary>
    static bool IndexesLocalMemory(Loop loop)
    {
        HashSet<Value> moving = [.. loop.Header.Phis];
        bool grown = true;
        while (grown)
        {
            grown = false;
            foreach (BasicBlock block in loop.Blocks)
                foreach (Instruction instruction in block.Instructions)
                    if (instruction.IsPure && !moving.Contains(instruction) && Array.Exists(instruction.Operands, moving.Contains))
                        grown |= moving.Add(instruction);
        }
        return loop.Blocks.SelectMany(block => block.Instructions).Any(instruction =>
            instruction.Opcode is Opcode.Load or Opcode.Store && moving.Contains(instruction.Operands[0]) && IsLocal(instruction.Operands[0]));
    }

    static bool IsLocal(Value pointer)
    {
        while (pointer is Instruction { Opcode: Opcode.PointerAdd or Opcode.AssumeAligned } step)
            pointer = step.Operands[0];
        return pointer.Type.Space == AddressSpace.Local;
    }

    static void Unroll(KernelFunction function, Loop loop, BasicBlock test, int stays)
    {
        BasicBlock[] body = [.. function.Blocks.Where(loop.Blocks.Contains)];
        // Each time the test's branch stays, the header runs once more: stays + 1 copies; the last one leaves at the test.
        List<LoopCopy> copies = [];
        for (int k = 0; k <= stays; k++)
        {
            LoopCopy copy = new(function, loop, body, copies.LastOrDefault());
            copies.Add(copy);
            Terminator end = copy.Blocks[test].Terminator;
            BasicBlock stay = test.Terminator.Targets.First(loop.Blocks.Contains), leave = test.Terminator.Targets.First(t => !loop.Blocks.Contains(t));
            copy.Blocks[test].Terminator = new Terminator(TerminatorKind.Jump, null, k < stays ? copy.Target(stay) : leave) { Location = end.Location };
        }
        foreach ((LoopCopy copy, LoopCopy? next) in copies.Zip([.. copies.Skip(1), null]))
            copy.ConnectLatches(next);
        RedirectEntry(function, loop, copies[0]);
        FixExitPhis(loop, body, copies);

        HashSet<BasicBlock> reached = Reached(copies, copies[0].Blocks[loop.Header]);
        int at = function.Blocks.IndexOf(loop.Header);
        function.Blocks.RemoveAll(loop.Blocks.Contains);
        function.Blocks.InsertRange(Math.Min(at, function.Blocks.Count), copies.SelectMany(copy => body.Select(block => copy.Blocks[block])).Where(reached.Contains));
        RemoveStaleIncoming(body, copies, reached);
        FixOutsideUses(function, body, copies, reached);
    }

    /// <summary>The copies that control reaches; what follows the last test does not belong to them.</summary>
    static HashSet<BasicBlock> Reached(List<LoopCopy> copies, BasicBlock entry)
    {
        HashSet<BasicBlock> inCopies = [.. copies.SelectMany(copy => copy.Blocks.Values)], reached = [entry];
        Stack<BasicBlock> open = new(reached);
        while (open.TryPop(out BasicBlock? block))
            foreach (BasicBlock target in block.Terminator.Targets)
                if (inCopies.Contains(target) && reached.Add(target))
                    open.Push(target);
        return reached;
    }

    static void RedirectEntry(KernelFunction function, Loop loop, LoopCopy first)
    {
        foreach (BasicBlock block in function.Blocks)
            if (!loop.Blocks.Contains(block) && block.Terminator.Targets.Contains(loop.Header))
                block.Terminator.Targets = [.. block.Terminator.Targets.Select(t => t == loop.Header ? first.Blocks[t] : t)];
    }

    /// <summary>Phis outside that had an edge from a loop block get one from each of its copies.</summary>
    static void FixExitPhis(Loop loop, BasicBlock[] body, List<LoopCopy> copies)
    {
        IEnumerable<BasicBlock> exits = body.SelectMany(block => block.Terminator.Targets).Where(t => !loop.Blocks.Contains(t)).Distinct();
        foreach (BasicBlock exit in exits)
            foreach (Instruction phi in exit.Phis)
            {
                List<BasicBlock> incoming = [];
                List<Value> operands = [];
                for (int k = 0; k < phi.Incoming!.Length; k++)
                    if (loop.Blocks.Contains(phi.Incoming[k]))
                        foreach (LoopCopy copy in copies)
                        {
                            incoming.Add(copy.Blocks[phi.Incoming[k]]);
                            operands.Add(copy.Map(phi.Operands[k]));
                        }
                    else
                    {
                        incoming.Add(phi.Incoming[k]);
                        operands.Add(phi.Operands[k]);
                    }
                (phi.Incoming, phi.Operands) = ([.. incoming], [.. operands]);
            }
    }

    /// <summary>Drops phi entries, in the copies and behind them, for edges that no copy has.</summary>
    static void RemoveStaleIncoming(BasicBlock[] body, List<LoopCopy> copies, HashSet<BasicBlock> reached)
    {
        HashSet<BasicBlock> inCopies = [.. copies.SelectMany(copy => copy.Blocks.Values)];
        HashSet<BasicBlock> exits = [.. body.SelectMany(block => block.Terminator.Targets).Where(target => !body.Contains(target))];
        foreach (BasicBlock block in reached.Concat(exits))
            foreach (Instruction phi in block.Phis)
            {
                int[] kept = [.. Enumerable.Range(0, phi.Incoming!.Length).Where(k => IsEdge(phi.Incoming[k], block))];
                if (kept.Length == phi.Incoming.Length)
                    continue;
                phi.Operands = [.. kept.Select(k => phi.Operands[k])];
                phi.Incoming = [.. kept.Select(k => phi.Incoming[k])];
            }

        bool IsEdge(BasicBlock from, BasicBlock to) => !inCopies.Contains(from) || reached.Contains(from) && from.Terminator.Targets.Contains(to);
    }

    /// <summary>A value of the loop that is used after it: which copy's value arrives depends on where control left.</summary>
    static void FixOutsideUses(KernelFunction function, BasicBlock[] body, List<LoopCopy> copies, HashSet<BasicBlock> reached)
    {
        Dictionary<BasicBlock, List<BasicBlock>>? predecessors = null;
        Dictionary<Instruction, BasicBlock> defined = [];
        int ofLoop = function.NewMark();
        foreach (BasicBlock block in body)
            foreach (Instruction instruction in block.Instructions)
            {
                defined[instruction] = block;
                instruction.Mark = ofLoop;
            }

        Dictionary<Instruction, SsaUpdater> updaters = [];
        SsaUpdater Updater(Instruction value)
        {
            if (!updaters.TryGetValue(value, out SsaUpdater? updater))
            {
                updaters[value] = updater = new SsaUpdater(value.Type, predecessors ??= function.Predecessors());
                foreach (LoopCopy copy in copies)
                    if (reached.Contains(copy.Blocks[defined[value]]))
                        updater.Define(copy.Blocks[defined[value]], copy.Map(value));
            }
            return updater;
        }

        foreach (BasicBlock block in function.Blocks)
        {
            if (reached.Contains(block))
                continue;
            // Phis that an updater places come in front: what was looked at then is looked at again.
            for (int i = 0; i < block.Instructions.Count; i++)
            {
                Instruction user = block.Instructions[i];
                for (int k = 0; k < user.Operands.Length; k++)
                    if (user.Operands[k] is Instruction value && value.Mark == ofLoop)
                        user.Operands[k] = user.IsPhi ? Updater(value).AtEnd(user.Incoming![k]) : Updater(value).AtStart(block);
            }
            if (block.Terminator.Condition is Instruction condition && condition.Mark == ofLoop)
                block.Terminator.Condition = Updater(condition).AtStart(block);
        }
    }
}
