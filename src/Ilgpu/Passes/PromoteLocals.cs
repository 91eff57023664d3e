using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>
/// Turns local arrays into SSA values where every access is a load or store at a constant offset, each offset always with one
/// size: then no thread needs memory for them.
/// </summary>
static class PromoteLocals
{
    public static void Run(KernelFunction function)
    {
        Dictionary<Value, List<Instruction>> users = new(ReferenceEqualityComparer.Instance);
        foreach (Instruction instruction in function.Instructions)
            foreach (Value operand in instruction.Operands)
                if (operand.Type.IsPointer && operand is Instruction)
                {
                    if (!users.TryGetValue(operand, out List<Instruction>? list))
                        users[operand] = list = [];
                    list.Add(instruction);
                }
        List<LocalVariable> variables = [];
        Dictionary<Instruction, LocalVariable> accesses = [];
        Dictionary<BasicBlock, List<BasicBlock>> predecessors = function.Predecessors();
        foreach (Instruction alloca in function.Instructions.Where(i => i.Opcode == Opcode.Alloca && i.Type.Space == AddressSpace.Local))
        {
            Dictionary<Instruction, long> offsets = [];
            if (!Collect(alloca, 0, users, offsets) || !OneSizeAnOffset(offsets))
                continue;
            foreach (IGrouping<long, Instruction> group in offsets.GroupBy(access => access.Value, access => access.Key))
            {
                LocalVariable variable = new(group.First().Access.Type, predecessors);
                variables.Add(variable);
                foreach (Instruction access in group)
                    accesses[access] = variable;
            }
        }
        if (variables.Count > 0)
            Promote(function, variables, accesses);
        CleanUp.Run(function);
    }

    /// <summary>One place of a local array.</summary>
    sealed class LocalVariable(MemoryType memory, Dictionary<BasicBlock, List<BasicBlock>> predecessors)
    {
        public MemoryType Memory { get; } = memory;

        public SsaUpdater Updater { get; } = new(memory.ValueType(), predecessors);

        /// <summary>Its value where the walk through a block stands; null before the block's first store.</summary>
        public Value? Current { get; set; }
    }

    /// <summary>Finds all loads and stores through a pointer; false where it escapes or moves by an unknown distance.</summary>
    static bool Collect(Instruction pointer, long offset, Dictionary<Value, List<Instruction>> users, Dictionary<Instruction, long> accesses)
    {
        foreach (Instruction user in users.GetValueOrDefault(pointer) ?? [])
        {
            bool fits = user.Opcode switch
            {
                Opcode.Load => user.Access.Count == 1 && accesses.TryAdd(user, offset),
                Opcode.Store => user.Access.Count == 1 && !ReferenceEquals(user.Operands[1], pointer) && accesses.TryAdd(user, offset),
                Opcode.PointerAdd => user.Operands[1] is Constant step && Collect(user, offset + step.Signed, users, accesses),
                Opcode.AssumeAligned => Collect(user, offset, users, accesses),
                _ => false,
            };
            if (!fits)
                return false;
        }
        return true;
    }

    static bool OneSizeAnOffset(Dictionary<Instruction, long> accesses)
    {
        SortedDictionary<long, MemoryType> variables = [];
        foreach ((Instruction access, long offset) in accesses)
            if (!variables.TryAdd(offset, access.Access.Type) && !Compatible(variables[offset], access.Access.Type))
                return false;
        long end = long.MinValue;
        foreach ((long offset, MemoryType type) in variables)
        {
            if (offset < end)
                return false;
            end = offset + type.Size();
        }
        return true;
    }

    /// <summary>Types of one size are the same bits; C# stores a byte as a signed one.</summary>
    static bool Compatible(MemoryType a, MemoryType b) => a == b || a.Size() == b.Size()
        && a != MemoryType.Pointer && b != MemoryType.Pointer;

    static void Promote(KernelFunction function, List<LocalVariable> variables, Dictionary<Instruction, LocalVariable> accesses)
    {
        List<(BasicBlock Block, Instruction Load, LocalVariable Variable)> fromOutside = [];
        foreach (BasicBlock block in function.Blocks)
        {
            HashSet<LocalVariable> stored = [];
            for (int k = 0; k < block.Instructions.Count; k++)
            {
                Instruction instruction = block.Instructions[k];
                if (!accesses.TryGetValue(instruction, out LocalVariable? variable))
                    continue;
                if (instruction.Opcode == Opcode.Store)
                {
                    variable.Current = Cast(block, ref k, instruction, instruction.Operands[1], variable.Memory.ValueType());
                    stored.Add(variable);
                }
                else if (variable.Current is null)
                {
                    fromOutside.Add((block, instruction, variable));
                }
                else
                {
                    instruction.ReplacedBy = Loaded(block, ref k, instruction, variable.Current);
                }
            }
            foreach (LocalVariable variable in stored)
            {
                variable.Updater.Define(block, variable.Current!);
                variable.Current = null;
            }
        }
        foreach ((BasicBlock block, Instruction load, LocalVariable variable) in fromOutside)
        {
            Value value = variable.Updater.AtStart(block);
            bool inserts = load.Access.Type.Size() < 4 || value.Type.Kind != load.Type.Kind;
            int at = inserts ? block.Instructions.IndexOf(load) : 0;
            load.ReplacedBy = Loaded(block, ref at, load, value);
        }
        function.ApplyReplacements();
        foreach (BasicBlock block in function.Blocks)
            block.Instructions.RemoveAll(accesses.ContainsKey);
    }

    /// <summary>What a load makes of the stored value: narrow integers are cut and extended by its type.</summary>
    static Value Loaded(BasicBlock block, ref int at, Instruction load, Value value)
    {
        Opcode? cut = load.Access.Type switch
        {
            MemoryType.I8 => Opcode.SignExtend8,
            MemoryType.U8 => Opcode.ZeroExtend8,
            MemoryType.I16 => Opcode.SignExtend16,
            MemoryType.U16 => Opcode.ZeroExtend16,
            _ => null,
        };
        return cut is { } opcode ? Insert(block, ref at, load, new Instruction(opcode, IrType.I32, [value]))
            : Cast(block, ref at, load, value, load.Type);
    }

    static Value Cast(BasicBlock block, ref int at, Instruction place, Value value, IrType type) => value.Type.Kind == type.Kind ? value
        : Insert(block, ref at, place, new Instruction(Opcode.Bitcast, type, [value]));

    static Instruction Insert(BasicBlock block, ref int at, Instruction place, Instruction made)
    {
        made.Location = place.Location;
        block.Instructions.Insert(at++, made);
        return made;
    }
}
