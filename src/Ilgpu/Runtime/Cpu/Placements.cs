using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// Decides for every instruction where its result is kept, and gives variables to those that need one.
/// </summary>
sealed class Placements
{
    /// <summary>The deepest tree that is left on the IL stack: the JIT recurses over trees.</summary>
    const int DepthLimit = 24;

    /// <summary>The position of a block's end, after all of its instructions.</summary>
    const int BlockEnd = int.MaxValue;

    readonly Dictionary<Instruction, Placement> _placements = new();
    readonly Dictionary<Instruction, Variable[]> _variables = new();
    readonly ControlFlow _flow;
    readonly bool _checked;

    /// <param name="isChecked">Keep the bounds checks.</param>
    public Placements(ControlFlow flow, bool isChecked)
    {
        (_flow, _checked) = (flow, isChecked);
        Dictionary<Value, int> uses = CountUses();
        foreach (BasicBlock block in flow.Order)
            foreach (Instruction instruction in block.Instructions)
                _placements[instruction] = Place(instruction, uses);
        foreach (BasicBlock block in flow.Order)
            foreach (Segment segment in flow.Segments[block])
                Fold(segment, uses);
        foreach (BasicBlock block in flow.Order)
            foreach (Instruction instruction in block.Instructions)
                if (_placements[instruction] == Placement.Local && instruction.Type.Kind != IrKind.Void)
                    _variables[instruction] = [.. ComponentTypes(instruction).Select(NewVariable)];
    }

    /// <summary>All variables; a variable's index is its position.</summary>
    public List<Variable> Variables { get; } = [];

    public Placement Of(Instruction instruction) => _placements[instruction];

    /// <summary>The variables of a local instruction: one for a scalar, one a component for a tuple.</summary>
    public Variable[] VariablesOf(Instruction instruction) => _variables.GetValueOrDefault(instruction) ?? [];

    /// <summary>The variable of a local scalar or of a component that an alias names.</summary>
    public Variable VariableOf(Instruction instruction) => instruction.Opcode == Opcode.Extract
        ? _variables[(Instruction)instruction.Operands[0]][(int)instruction.Payload!]
        : _variables[instruction][0];

    /// <summary>The variables that evaluating a value reads.</summary>
    public IEnumerable<Variable> Leaves(Value value)
    {
        if (value is not Instruction instruction)
            yield break;
        switch (Of(instruction))
        {
            case Placement.Local:
            case Placement.Alias:
                yield return VariableOf(instruction);
                break;
            case Placement.Folded:
                foreach (Value operand in instruction.Operands)
                    foreach (Variable leaf in Leaves(operand))
                        yield return leaf;
                break;
        }
    }

    bool HasEffect(Instruction instruction) =>
        instruction.HasSideEffect && (_checked || instruction.Opcode != Opcode.CheckBounds);

    Variable NewVariable(IrType type)
    {
        Variable variable = new(Variables.Count, type);
        Variables.Add(variable);
        return variable;
    }

    static IEnumerable<IrType> ComponentTypes(Instruction instruction)
    {
        if (instruction.Type.Kind != IrKind.Tuple)
            return [instruction.Type];
        return instruction.Payload switch
        {
            MemoryAccess access => Enumerable.Repeat(access.Type.ValueType(), access.Count),
            CollectiveInfo info => info.Parameters.Where(parameter => parameter.Kind != AsmOperandKind.Input)
                .Select(parameter => parameter.Type.ValueType()),
            _ => throw new NotSupportedException($"The CPU accelerator has no tuple from {instruction.Opcode}."),
        };
    }

    /// <summary>How often each value is read; what only dead code reads is not counted.</summary>
    Dictionary<Value, int> CountUses()
    {
        Dictionary<Value, int> uses = new(ReferenceEqualityComparer.Instance);
        Stack<Instruction> work = new();
        void Use(Value value)
        {
            int count = uses.GetValueOrDefault(value);
            uses[value] = count + 1;
            if (count == 0 && value is Instruction instruction && !HasEffect(instruction))
                work.Push(instruction);
        }
        foreach (BasicBlock block in _flow.Order)
        {
            foreach (Instruction instruction in block.Instructions)
                if (HasEffect(instruction))
                    foreach (Value operand in instruction.Operands)
                        Use(operand);
            if (block.Terminator.Condition is { } condition)
                Use(condition);
        }
        while (work.TryPop(out Instruction? instruction))
            foreach (Value operand in instruction.Operands)
                Use(operand);
        return uses;
    }

    Placement Place(Instruction instruction, Dictionary<Value, int> uses)
    {
        if (!HasEffect(instruction) && !uses.ContainsKey(instruction))
            return Placement.Dead;
        switch (instruction.Opcode)
        {
            case Opcode.Extract:
                return Placement.Alias;
            case Opcode.Special:
                return (SpecialRegister)instruction.Payload! is SpecialRegister.LaneIdx or SpecialRegister.GroupIdxX
                    or SpecialRegister.GroupIdxY or SpecialRegister.GroupIdxZ
                    ? Placement.ThreadIndex
                    : Placement.Uniform;
            case Opcode.Alloca:
            case Opcode.DynamicShared:
            case Opcode.ConstantData:
                return Placement.Inline;
            case Opcode.PointerAdd or Opcode.AssumeAligned when IsInlineBase(instruction.Operands[0])
                && (instruction.Opcode == Opcode.AssumeAligned || instruction.Operands[1] is Constant):
                return Placement.Inline;
            default:
                return instruction.IsPure && instruction.Operands.All(IsUniform) ? Placement.Uniform : Placement.Local;
        }
    }

    bool IsInlineBase(Value value) => value is Parameter
        || value is Instruction instruction
            && _placements.GetValueOrDefault(instruction) is Placement.Inline or Placement.Uniform;

    bool IsUniform(Value value) => value switch
    {
        Instruction instruction => _placements.GetValueOrDefault(instruction) switch
        {
            Placement.Uniform => true,
            Placement.Inline => !DependsOnLocalMemory(instruction),
            _ => false,
        },
        _ => true,
    };

    static bool DependsOnLocalMemory(Instruction inline)
    {
        while (inline.Opcode is Opcode.PointerAdd or Opcode.AssumeAligned)
        {
            if (inline.Operands[0] is not Instruction next)
                return false;
            inline = next;
        }
        return inline.Opcode == Opcode.Alloca && inline.AllocaInfo.Space == AddressSpace.Local;
    }

    /// <summary>
    /// Leaves values with one user on the IL stack, where no write stands between a load and its use.
    /// </summary>
    void Fold(Segment segment, Dictionary<Value, int> uses)
    {
        List<Instruction> instructions = segment.Block.Instructions;
        Dictionary<Value, (int Root, int Depth)> users = new(ReferenceEqualityComparer.Instance);
        void Use(Value value, int root, int depth) => users[value] = (root, depth);

        if (segment.Exit == null)
        {
            foreach (BasicBlock target in segment.Block.Terminator.Targets)
                foreach (Instruction phi in target.Phis)
                    if (Of(phi) != Placement.Dead)
                        for (int k = 0; k < phi.Operands.Length; k++)
                            if (phi.Incoming![k] == segment.Block)
                                Use(phi.Operands[k], BlockEnd, 0);
            if (segment.Block.Terminator.Condition is { } condition)
                Use(condition, BlockEnd, 0);
        }
        else if (segment.Exit.Instruction is { } convergent)
        {
            foreach (Value operand in convergent.Operands)
                Use(operand, segment.End, 0);
        }

        // From the end backward, a user is placed before its operands, and writes are known before the loads above
        // them.
        int nextWrite = BlockEnd;
        for (int k = segment.End - 1; k >= segment.Start; k--)
        {
            Instruction instruction = instructions[k];
            Placement placement = Of(instruction);
            (int root, int depth) = (k, 0);
            if (placement == Placement.Local && uses.GetValueOrDefault(instruction) == 1 && IsFoldable(instruction)
                && users.TryGetValue(instruction, out (int Root, int Depth) user) && user.Depth < DepthLimit
                && (instruction.Opcode != Opcode.Load || user.Root <= nextWrite))
            {
                _placements[instruction] = Placement.Folded;
                (root, depth) = (user.Root, user.Depth + 1);
            }
            if (placement == Placement.Local && !instruction.IsPhi)
                foreach (Value operand in instruction.Operands)
                    Use(operand, root, depth);
            if (instruction.ClobbersMemory)
                nextWrite = k;
        }
    }

    static bool IsFoldable(Instruction instruction) => instruction.Opcode switch
    {
        Opcode.Phi or Opcode.Select => false,
        Opcode.Load => instruction.Access.Count == 1,
        _ => instruction.IsPure,
    };
}
