namespace IlgpuDca.Ilgpu.Ir;

/// <summary>
/// Finds the value of one variable at any point of a finished function, given the values it has at the ends of the blocks that
/// assign it; places phis where different values meet.
/// </summary>
public sealed class SsaUpdater(IrType type, Dictionary<BasicBlock, List<BasicBlock>> predecessors)
{
    readonly Dictionary<BasicBlock, Value> _atEnd = [];
    readonly Dictionary<BasicBlock, Value> _atStart = [];

    /// <summary>The phis placed so far.</summary>
    public List<(BasicBlock Block, Instruction Phi)> Phis { get; } = [];

    /// <summary>Says what the variable holds at a block's end.</summary>
    public void Define(BasicBlock block, Value value) => _atEnd[block] = value;

    /// <summary>The value at the block's end, after its own assignments.</summary>
    public Value AtEnd(BasicBlock block) => _atEnd.TryGetValue(block, out Value? value) ? value : AtStart(block);

    /// <summary>The value at the block's start, before its own assignments.</summary>
    public Value AtStart(BasicBlock block)
    {
        // Blocks with one predecessor pass the question on, without recursion.
        List<BasicBlock> passed = [];
        Value? value;
        while (!_atStart.TryGetValue(block, out value))
        {
            List<BasicBlock> from = predecessors[block];
            if (from.Count == 1)
            {
                passed.Add(block);
                if (_atEnd.TryGetValue(from[0], out value))
                    break;
                block = from[0];
                continue;
            }
            if (from.Count == 0)
            {
                _atStart[block] = value = new Undefined(type);
                break;
            }
            Instruction phi = new(Opcode.Phi, type, new Value[from.Count]) { Incoming = [.. from] };
            Array.Fill(phi.Operands, phi);
            block.Instructions.Insert(0, phi);
            Phis.Add((block, phi));
            _atStart[block] = value = phi;
            for (int k = 0; k < from.Count; k++)
                phi.Operands[k] = AtEnd(from[k]);
            break;
        }
        foreach (BasicBlock visited in passed)
            _atStart[visited] = value;
        return value;
    }
}
