using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>Computes equal pure expressions once: an instruction is replaced by an equal one that dominates it.</summary>
static class CommonSubexpressions
{
    public static void Run(KernelFunction function)
    {
        Dominators dominators = new(function);
        ILookup<BasicBlock, BasicBlock> children = dominators.Order.Where(block => block != function.Entry).ToLookup(dominators.Immediate);
        Dictionary<Key, Instruction> known = [];

        Stack<(BasicBlock Block, List<Key>? Added)> path = new([(function.Entry, null)]);
        while (path.TryPop(out (BasicBlock Block, List<Key>? Added) top))
        {
            if (top.Added is not null)
            {
                foreach (Key key in top.Added)
                    known.Remove(key);
                continue;
            }
            List<Key> added = [];
            path.Push((top.Block, added));
            foreach (Instruction instruction in top.Block.Instructions)
            {
                for (int k = 0; k < instruction.Operands.Length; k++)
                    instruction.Operands[k] = instruction.Operands[k].Resolved;
                if (!instruction.IsPure)
                    continue;
                Key key = new(instruction);
                if (known.TryGetValue(key, out Instruction? earlier))
                    instruction.ReplacedBy = earlier;
                else
                {
                    known[key] = instruction;
                    added.Add(key);
                }
            }
            foreach (BasicBlock child in children[top.Block])
                path.Push((child, null));
        }
        function.ApplyReplacements();
    }

    /// <summary>An expression: operation, type, payload and operands; constants are equal by their bits.</summary>
    readonly struct Key(Instruction instruction) : IEquatable<Key>
    {
        readonly Instruction _instruction = instruction;

        public bool Equals(Key other)
        {
            Instruction a = _instruction, b = other._instruction;
            if (a.Opcode != b.Opcode || a.Type != b.Type || !Equals(a.Payload, b.Payload) || a.Operands.Length != b.Operands.Length)
                return false;
            for (int k = 0; k < a.Operands.Length; k++)
                if (!Same(a.Operands[k], b.Operands[k]))
                    return false;
            return true;
        }

        public override bool Equals(object? other) => other is Key key && Equals(key);

        public override int GetHashCode()
        {
            HashCode hash = new();
            hash.Add(_instruction.Opcode);
            hash.Add(_instruction.Type);
            foreach (Value operand in _instruction.Operands)
                hash.Add(operand is Constant constant ? constant.Bits.GetHashCode() : RuntimeHelpers.GetHashCode(operand));
            return hash.ToHashCode();
        }

        static bool Same(Value a, Value b) =>
            ReferenceEquals(a, b) || a is Constant x && b is Constant y && x.Type == y.Type && x.Bits == y.Bits;
    }
}
