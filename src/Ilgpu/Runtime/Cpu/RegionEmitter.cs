using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// Emits the method of one region: set up what the group has in common, then for each thread load what it carries,
/// run to a suspension, and save what it carries on.
/// </summary>
sealed unsafe partial class RegionEmitter : ThreadPlaces
{
    /// <summary>The exit code of a thread that has come to the kernel's end.</summary>
    public const int Returned = -1;

    /// <summary>The exit code of threads that left at different places.</summary>
    public const int Mixed = -2;

    const short Frame = 1, Context = 2, First = 3, End = 4;

    static readonly MethodInfo IndexError = typeof(CpuKernel).GetMethod(
        nameof(CpuKernel.ThrowIndexError), BindingFlags.Instance | BindingFlags.NonPublic)!;

    readonly KernelPlan _plan;
    readonly CpuKernel _kernel;
    readonly DynamicMethod _method;
    readonly ILGenerator _il;
    readonly List<Segment> _segments;
    readonly Suspension? _entry;
    readonly RegionUses _uses;
    readonly Dictionary<Variable, LocalBuilder> _locals = new();
    readonly Dictionary<Value, LocalBuilder> _uniforms = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<BasicBlock, Label> _labels = new();
    readonly Dictionary<SpecialRegister, LocalBuilder> _indices = new();
    readonly LocalBuilder _lane;
    LocalBuilder? _anyBits;
    LocalBuilder? _allBits;

    RegionEmitter(CpuKernel kernel, int state)
    {
        (_kernel, _plan) = (kernel, kernel.Plan);
        _method = new DynamicMethod($"{_plan.Function.Name}#{state}", typeof(int),
            [typeof(CpuKernel), typeof(byte*), typeof(GroupContext*), typeof(nint), typeof(nint)],
            typeof(RegionEmitter).Module, skipVisibility: true)
        { InitLocals = false };
        _il = _method.GetILGenerator(4096);
        _segments = _plan.Flow.Reach(state);
        _entry = state == 0 ? null : _plan.Flow.Suspensions[state - 1];
        _uses = new RegionUses(_plan, _segments);
        _lane = _il.DeclareLocal(typeof(nint));
    }

    /// <summary>The method that runs threads from a state.</summary>
    public static RegionMethod Emit(CpuKernel kernel, int state)
    {
        RegionEmitter emitter = new(kernel, state);
        emitter.EmitMethod();
        return emitter._method.CreateDelegate<RegionMethod>(kernel);
    }

    public override LocalBuilder Local(Variable variable)
    {
        if (!_locals.TryGetValue(variable, out LocalBuilder? local))
            _locals[variable] = local = _il.DeclareLocal(ArithmeticEmitter.ClrType(variable.Type));
        return local;
    }

    public override LocalBuilder Uniform(Value value)
    {
        if (!_uniforms.TryGetValue(value, out LocalBuilder? local))
            _uniforms[value] = local = _il.DeclareLocal(ArithmeticEmitter.ClrType(value.Type));
        return local;
    }

    public override Label LabelOf(BasicBlock block) => _labels[block];

    public override void PushThreadIndex(SpecialRegister register)
    {
        if (register != SpecialRegister.LaneIdx)
        {
            _il.Emit(OpCodes.Ldloc, _indices[register]);
            return;
        }
        _il.Emit(OpCodes.Ldloc, _lane);
        _il.Emit(OpCodes.Conv_I4);
        if (!_plan.IsPlain)
            return;
        _il.Emit(OpCodes.Ldc_I4, FrameLayout.WarpSize - 1);
        _il.Emit(OpCodes.And);
    }

    public override void PushUniformRegister(SpecialRegister register) => PushContext(register.ToString());

    public override void PushShared(int offset)
    {
        PushContext(nameof(GroupContext.Shared));
        AddOffset(offset);
    }

    public override void PushLocalMemory(int offset)
    {
        _il.Emit(OpCodes.Ldarg, Frame);
        if (!_plan.IsPlain)
        {
            _il.Emit(OpCodes.Ldloc, _lane);
            _il.Emit(OpCodes.Ldc_I4, _plan.Frame.LocalBytes);
            _il.Emit(OpCodes.Mul);
            _il.Emit(OpCodes.Add);
        }
        AddOffset(_plan.Frame.LocalOffset + offset);
    }

    public override void EmitIndexError(Instruction check, LocalBuilder index, LocalBuilder length)
    {
        _il.Emit(OpCodes.Ldarg_0);
        _il.Emit(OpCodes.Ldarg, Context);
        _il.Emit(OpCodes.Ldloc, _lane);
        _il.Emit(OpCodes.Ldc_I4, _kernel.AddSite(check));
        _il.Emit(OpCodes.Ldloc, index);
        _il.Emit(OpCodes.Ldloc, length);
        _il.Emit(OpCodes.Call, IndexError);
    }

    public override void PushCaller(Instruction instruction)
    {
        _il.Emit(OpCodes.Ldarg, Context);
        _il.Emit(OpCodes.Ldloc, _lane);
        _il.Emit(OpCodes.Ldc_I4, _kernel.AddSite(instruction));
    }

    void EmitMethod()
    {
        ThreadCode code = new(_plan, _il, this);
        foreach (Segment segment in _segments)
            if (segment.Start == 0)
                _labels[segment.Block] = _il.DefineLabel();
        EmitSetup(code);

        Label loop = _il.DefineLabel(), next = _il.DefineLabel(), leave = _il.DefineLabel();
        _il.MarkLabel(loop);
        EmitLoads();
        for (int k = 0; k < _segments.Count; k++)
        {
            Segment segment = _segments[k];
            if (segment.Start == 0)
                _il.MarkLabel(_labels[segment.Block]);
            foreach (Instruction instruction in segment.Instructions)
                if (_plan.Placements.Of(instruction) == Placement.Local)
                    code.EmitRoot(instruction);
            if (segment.Exit is { } exit)
                EmitExit(code, exit, next);
            else
                code.EmitTerminator(segment.Block, FollowingBlock(k), leave);
        }
        _il.MarkLabel(leave);
        if (_uses.Returns)
            EmitExitState(Returned);
        _il.MarkLabel(next);
        EmitAdvance(loop);
        EmitResult();
    }

    BasicBlock? FollowingBlock(int k) =>
        k + 1 < _segments.Count && _segments[k + 1].Start == 0 ? _segments[k + 1].Block : null;

    void EmitSetup(ThreadCode code)
    {
        foreach (Parameter parameter in _uses.Parameters)
        {
            PushContext(nameof(GroupContext.Slots));
            AddOffset(parameter.Index * sizeof(ulong));
            // A tensor map's value is where it stands.
            if (parameter.MemoryType != MemoryType.TensorMap)
                MemoryEmitter.EmitLoad(_il, parameter.MemoryType, sizeof(ulong));
            if (parameter.Type.Kind == IrKind.Bool)
            {
                _il.Emit(OpCodes.Ldc_I4_0);
                _il.Emit(OpCodes.Cgt_Un);
            }
            _il.Emit(OpCodes.Stloc, Uniform(parameter));
        }
        foreach (Instruction uniform in _uses.Uniforms)
            code.EmitUniform(uniform);
        if (ExitCount > 1)
        {
            _il.Emit(OpCodes.Ldc_I4_0);
            _il.Emit(OpCodes.Stloc, _anyBits = _il.DeclareLocal(typeof(int)));
            _il.Emit(OpCodes.Ldc_I4_M1);
            _il.Emit(OpCodes.Stloc, _allBits = _il.DeclareLocal(typeof(int)));
        }
        _il.Emit(OpCodes.Ldarg, First);
        _il.Emit(OpCodes.Stloc, _lane);
        EmitFirstIndices();
    }

    /// <summary>The first thread's coordinates, from its linear index; the loop counts them on.</summary>
    void EmitFirstIndices()
    {
        foreach (SpecialRegister register in Coordinates)
        {
            LocalBuilder local = _indices[register] = _il.DeclareLocal(typeof(int));
            PushContext(nameof(GroupContext.FirstThread));
            _il.Emit(OpCodes.Ldarg, First);
            _il.Emit(OpCodes.Conv_I4);
            _il.Emit(OpCodes.Add);
            if (register != SpecialRegister.GroupIdxX)
                Divide(nameof(GroupContext.GroupDimX), OpCodes.Div_Un);
            if (register == SpecialRegister.GroupIdxZ)
                Divide(nameof(GroupContext.GroupDimY), OpCodes.Div_Un);
            if (register == SpecialRegister.GroupIdxX)
                Divide(nameof(GroupContext.GroupDimX), OpCodes.Rem_Un);
            if (register == SpecialRegister.GroupIdxY)
                Divide(nameof(GroupContext.GroupDimY), OpCodes.Rem_Un);
            _il.Emit(OpCodes.Stloc, local);
        }

        void Divide(string field, OpCode opcode)
        {
            PushContext(field);
            _il.Emit(opcode);
        }
    }

    /// <summary>The coordinates that must be counted, x first: a later one needs those before it.</summary>
    IEnumerable<SpecialRegister> Coordinates
    {
        get
        {
            SpecialRegister last = _uses.ThreadIndices.Where(register => register != SpecialRegister.LaneIdx)
                .DefaultIfEmpty(SpecialRegister.GridDimZ).Max();
            for (SpecialRegister register = SpecialRegister.GroupIdxX; register <= last; register++)
                yield return register;
        }
    }

    int ExitCount => _uses.Exits.Count + (_uses.Returns ? 1 : 0);

    void EmitAdvance(Label loop)
    {
        Label counted = _il.DefineLabel();
        SpecialRegister[] coordinates = [.. Coordinates];
        for (int k = 0; k < coordinates.Length; k++)
        {
            LocalBuilder index = _indices[coordinates[k]];
            _il.Emit(OpCodes.Ldloc, index);
            _il.Emit(OpCodes.Ldc_I4_1);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Stloc, index);
            if (coordinates[k] == SpecialRegister.GroupIdxZ)
                break;
            _il.Emit(OpCodes.Ldloc, index);
            PushContext(coordinates[k] == SpecialRegister.GroupIdxX
                ? nameof(GroupContext.GroupDimX) : nameof(GroupContext.GroupDimY));
            _il.Emit(OpCodes.Bne_Un, counted);
            _il.Emit(OpCodes.Ldc_I4_0);
            _il.Emit(OpCodes.Stloc, index);
        }
        _il.MarkLabel(counted);
        _il.Emit(OpCodes.Ldloc, _lane);
        _il.Emit(OpCodes.Ldc_I4_1);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, _lane);
        _il.Emit(OpCodes.Ldloc, _lane);
        _il.Emit(OpCodes.Ldarg, End);
        _il.Emit(OpCodes.Blt, loop);
    }

    void EmitResult()
    {
        if (ExitCount <= 1)
        {
            _il.Emit(OpCodes.Ldc_I4, _uses.Exits.Count == 1 ? _uses.Exits[0].State : Returned);
            _il.Emit(OpCodes.Ret);
            return;
        }
        Label mixed = _il.DefineLabel();
        _il.Emit(OpCodes.Ldloc, _anyBits!);
        _il.Emit(OpCodes.Ldloc, _allBits!);
        _il.Emit(OpCodes.Bne_Un, mixed);
        _il.Emit(OpCodes.Ldloc, _anyBits!);
        _il.Emit(OpCodes.Ret);
        _il.MarkLabel(mixed);
        _il.Emit(OpCodes.Ldc_I4, Mixed);
        _il.Emit(OpCodes.Ret);
    }

    void PushContext(string field)
    {
        _il.Emit(OpCodes.Ldarg, Context);
        _il.Emit(OpCodes.Ldfld, typeof(GroupContext).GetField(field)!);
    }

    void AddOffset(int offset)
    {
        if (offset == 0)
            return;
        _il.Emit(OpCodes.Ldc_I4, offset);
        _il.Emit(OpCodes.Add);
    }
}
