using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>The reachable blocks in reverse postorder, cut into segments at suspensions and seams.</summary>
sealed class ControlFlow
{
    /// <summary>
    /// Instructions after which a straight run of code is cut in two methods: RyuJIT stops optimising methods of
    /// about 60 KB of IL, and an instruction takes some 10 to 15 bytes.
    /// </summary>
    const int SeamDistance = 2500;

    public ControlFlow(KernelFunction function)
    {
        Order = ReversePostorder(function.Entry);
        foreach (BasicBlock block in Order)
            Segments[block] = Cut(block);
    }

    /// <summary>Reachable blocks, the entry first; a block comes before its successors but for loops.</summary>
    public List<BasicBlock> Order { get; }

    /// <summary>Each block's segments in order.</summary>
    public Dictionary<BasicBlock, List<Segment>> Segments { get; } = new();

    /// <summary>Suspensions by state: state s stands at s - 1.</summary>
    public List<Suspension> Suspensions { get; } = [];

    /// <summary>Where a state begins: 0 is the kernel's entry.</summary>
    public Segment Start(int state) => state == 0 ? Segments[Order[0]][0] : Suspensions[state - 1].After;

    /// <summary>
    /// The segments that a thread can reach from a state without a suspension, in a good order to emit.
    /// </summary>
    public List<Segment> Reach(int state)
    {
        HashSet<Segment> seen = [Start(state)];
        Stack<Segment> work = new(seen);
        while (work.TryPop(out Segment? segment))
        {
            if (segment.Exit != null)
                continue;
            foreach (BasicBlock target in segment.Block.Terminator.Targets)
                if (seen.Add(Segments[target][0]))
                    work.Push(Segments[target][0]);
        }
        // The start comes first; the others keep the blocks' order.
        seen.Remove(Start(state));
        List<Segment> reach = [Start(state)];
        foreach (BasicBlock block in Order)
            foreach (Segment segment in Segments[block])
                if (seen.Contains(segment))
                    reach.Add(segment);
        return reach;
    }

    List<Segment> Cut(BasicBlock block)
    {
        List<Segment> segments = [];
        Segment current = new(block, 0);
        int length = block.Instructions.Count;
        for (int k = 0; k < length; k++)
        {
            Instruction instruction = block.Instructions[k];
            if (Suspension.KindOf(instruction) is { } kind)
            {
                End(kind, instruction, k, k + 1);
            }
            else if (k - current.Start >= SeamDistance && length - k > SeamDistance / 4)
            {
                End(SuspensionKind.Seam, null, k, k);
            }
        }
        current.End = length;
        segments.Add(current);
        return segments;

        void End(SuspensionKind kind, Instruction? instruction, int end, int next)
        {
            Suspension suspension = new(Suspensions.Count + 1, kind, instruction);
            Suspensions.Add(suspension);
            (current.End, current.Exit) = (end, suspension);
            segments.Add(current);
            current = new Segment(block, next);
            suspension.After = current;
        }
    }

    static List<BasicBlock> ReversePostorder(BasicBlock entry)
    {
        List<BasicBlock> order = [];
        HashSet<BasicBlock> seen = [entry];
        Stack<(BasicBlock Block, int Next)> path = new();
        path.Push((entry, 0));
        while (path.TryPop(out (BasicBlock Block, int Next) top))
        {
            // The last target is visited first, so that the first one follows its block.
            BasicBlock[] targets = top.Block.Terminator.Targets;
            if (top.Next == targets.Length)
            {
                order.Add(top.Block);
                continue;
            }
            path.Push((top.Block, top.Next + 1));
            BasicBlock target = targets[^(top.Next + 1)];
            if (seen.Add(target))
                path.Push((target, 0));
        }
        order.Reverse();
        return order;
    }
}
