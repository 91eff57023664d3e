using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;
using Constant = IlgpuDca.Ilgpu.Ir.Constant;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>The meaning of each IL instruction, branches apart.</summary>
sealed partial class MethodTranslator
{
    void Translate(IlInstruction instruction)
    {
        object? operand = instruction.Operand;
        switch ((ILOpCode)(ushort)instruction.OpCode.Value)
        {
            case ILOpCode.Nop or ILOpCode.Break or ILOpCode.Readonly or ILOpCode.Unaligned or ILOpCode.Volatile or ILOpCode.Tail:
                break;
            case >= ILOpCode.Ldarg_0 and <= ILOpCode.Ldarg_3:
                Push(Load(_arguments[instruction.OpCode.Value - (int)ILOpCode.Ldarg_0]));
                break;
            case ILOpCode.Ldarg or ILOpCode.Ldarg_s:
                Push(Load(_arguments[(int)operand!]));
                break;
            case ILOpCode.Ldarga or ILOpCode.Ldarga_s:
                Push(AddressOf(_arguments[(int)operand!]));
                break;
            case ILOpCode.Starg or ILOpCode.Starg_s:
                Store(_arguments[(int)operand!], Pop());
                break;
            case >= ILOpCode.Ldloc_0 and <= ILOpCode.Ldloc_3:
                Push(Load(_locals[instruction.OpCode.Value - (int)ILOpCode.Ldloc_0]));
                break;
            case ILOpCode.Ldloc or ILOpCode.Ldloc_s:
                Push(Load(_locals[(int)operand!]));
                break;
            case ILOpCode.Ldloca or ILOpCode.Ldloca_s:
                Push(AddressOf(_locals[(int)operand!]));
                break;
            case >= ILOpCode.Stloc_0 and <= ILOpCode.Stloc_3:
                Assign(_locals[instruction.OpCode.Value - (int)ILOpCode.Stloc_0], Pop());
                break;
            case ILOpCode.Stloc or ILOpCode.Stloc_s:
                Assign(_locals[(int)operand!], Pop());
                break;
            case >= ILOpCode.Ldc_i4_m1 and <= ILOpCode.Ldc_i4_8:
                Push(Constant.Int(instruction.OpCode.Value - (int)ILOpCode.Ldc_i4_0));
                break;
            case ILOpCode.Ldc_i4 or ILOpCode.Ldc_i4_s:
                Push(Constant.Int((int)operand!));
                break;
            case ILOpCode.Ldc_i8:
                Push(Constant.Long((long)operand!));
                break;
            case ILOpCode.Ldc_r4:
                Push(Constant.Float((float)operand!));
                break;
            case ILOpCode.Ldc_r8:
                Push(Constant.Double((double)operand!));
                break;
            case ILOpCode.Ldnull:
                Push(new NullObject());
                break;
            case ILOpCode.Ldstr:
                Push(new Text((string)operand!));
                break;
            case ILOpCode.Ldtoken when operand is Type type:
                Push(new TypeToken(type));
                break;
            case ILOpCode.Dup:
                Push(_stack.Peek());
                break;
            case ILOpCode.Pop:
                Pop();
                break;
            case ILOpCode.Sizeof:
                Push(Constant.Int(Layout((Type)operand!).Size));
                break;
            case ILOpCode.Neg or ILOpCode.Not:
                Value single = PopValue();
                Push(_emit.Unary((ILOpCode)instruction.OpCode.Value == ILOpCode.Neg ? Opcode.Neg : Opcode.Not, single.Type, single));
                break;
            case >= ILOpCode.Add and <= ILOpCode.Shr_un:
                Arithmetic((ILOpCode)instruction.OpCode.Value);
                break;
            case ILOpCode.Ceq or ILOpCode.Cgt or ILOpCode.Cgt_un or ILOpCode.Clt or ILOpCode.Clt_un:
                Push(_emit.ToInt(Condition(instruction.OpCode)));
                break;
            case ILOpCode.Ldfld:
                Push(FieldOf(Pop(), (FieldInfo)operand!));
                break;
            case ILOpCode.Ldflda:
                Push(FieldReference(Pop(), (FieldInfo)operand!));
                break;
            case ILOpCode.Stfld:
                StackValue stored = Pop();
                Write(FieldReference(Pop(), (FieldInfo)operand!), stored, ((FieldInfo)operand!).FieldType);
                break;
            case ILOpCode.Ldsfld:
                Push(StaticField((FieldInfo)operand!));
                break;
            case ILOpCode.Ldsflda or ILOpCode.Stsfld:
                StaticAddress((FieldInfo)operand!);
                break;
            case ILOpCode.Ldobj:
                Push(Read(Pop(), (Type)operand!));
                break;
            case ILOpCode.Stobj:
                StackValue @object = Pop();
                Write(Pop(), @object, (Type)operand!);
                break;
            case ILOpCode.Cpobj:
                StackValue source = Pop();
                Write(Pop(), Read(source, (Type)operand!), (Type)operand!);
                break;
            case ILOpCode.Initobj:
                Write(Pop(), Zero((Type)operand!), (Type)operand!);
                break;
            case >= ILOpCode.Ldind_i1 and <= ILOpCode.Ldind_r8:
                Push(Read(Pop(), IndirectType((ILOpCode)instruction.OpCode.Value)));
                break;
            case >= ILOpCode.Stind_i1 and <= ILOpCode.Stind_r8 or ILOpCode.Stind_i:
                StackValue value = Pop();
                Write(Pop(), value, IndirectType((ILOpCode)instruction.OpCode.Value));
                break;
            case ILOpCode.Ldlen:
                Push(Constant.Long(PopArray().Data.Length));
                break;
            case >= ILOpCode.Ldelem_i1 and <= ILOpCode.Ldelem_r8 or ILOpCode.Ldelem or ILOpCode.Ldelema:
                Element((ILOpCode)instruction.OpCode.Value, operand as Type);
                break;
            case ILOpCode.Constrained:
                _constrained = (Type)operand!;
                break;
            case ILOpCode.Call or ILOpCode.Callvirt:
                Call((MethodBase)operand!, (ILOpCode)instruction.OpCode.Value == ILOpCode.Callvirt);
                break;
            case ILOpCode.Newobj:
                NewObject((ConstructorInfo)operand!);
                break;
            default:
                if (!TryConvert((ILOpCode)(ushort)instruction.OpCode.Value))
                    throw RefuseInstruction(instruction);
                break;
        }
    }

    void StaticAddress(FieldInfo field)
    {
        if ((ILOpCode)_instruction.OpCode.Value == ILOpCode.Stsfld)
            throw Refuse(JitError.MutableStatic, $"static field {field.DeclaringType?.Name}.{field.Name} is assigned.",
                "write to a view that the kernel gets as a parameter.");
        // A ref to a constant: a fresh local that holds it. C# takes one to call a struct's method.
        Slot copy = new(field.FieldType);
        Store(copy, StaticField(field));
        Push(new LocalReference(copy, Layout(field.FieldType), 0));
    }

    void Arithmetic(ILOpCode opCode)
    {
        Value b = PopValue(), a = PopValue();
        if (opCode is ILOpCode.Shl or ILOpCode.Shr or ILOpCode.Shr_un)
        {
            Opcode shift = opCode switch { ILOpCode.Shl => Opcode.Shl, ILOpCode.Shr => Opcode.ShrS, _ => Opcode.ShrU };
            Push(_emit.Emit(shift, a.Type, [a, Coerce(b, IrType.I32)]));
            return;
        }
        if (a.Type.IsPointer || b.Type.IsPointer)
        {
            PointerArithmetic(opCode, a, b);
            return;
        }
        (a, b) = Unify(a, b);
        bool isFloat = a.Type.IsFloat;
        if (isFloat && opCode == ILOpCode.Rem)
        {
            Push(Remainder(a, b));
            return;
        }
        Opcode opcode = opCode switch
        {
            ILOpCode.Add => Opcode.Add,
            ILOpCode.Sub => Opcode.Sub,
            ILOpCode.Mul => Opcode.Mul,
            ILOpCode.Div => isFloat ? Opcode.Div : Opcode.DivS,
            ILOpCode.Div_un => Opcode.DivU,
            ILOpCode.Rem => Opcode.RemS,
            ILOpCode.Rem_un => Opcode.RemU,
            ILOpCode.And => Opcode.And,
            ILOpCode.Or => Opcode.Or,
            _ => Opcode.Xor,
        };
        Push(_emit.Binary(opcode, a, b));
    }

    /// <summary>The remainder of floats: an instruction on the CPU, code on a GPU.</summary>
    public StackValue Remainder(Value a, Value b)
    {
        if (_context.Options.Target == CompileTarget.Cpu)
            return new Scalar(_emit.Binary(Opcode.Rem, a, b));
        string name = a.Type.Kind == IrKind.F32 ? nameof(FloatRemainder.Single) : nameof(FloatRemainder.Double);
        return InlineCall(typeof(FloatRemainder).GetMethod(name)!, [new Scalar(a), new Scalar(b)])!;
    }

    void PointerArithmetic(ILOpCode opCode, Value a, Value b)
    {
        if (opCode == ILOpCode.Add && a.Type.IsPointer)
            Push(new MemoryReference(_emit.Offset(a, Coerce(b, IrType.I64)), 0));
        else if (opCode == ILOpCode.Add)
            Push(new MemoryReference(_emit.Offset(b, Coerce(a, IrType.I64)), 0));
        else
            throw Refuse(JitError.UnsupportedInstruction, "arithmetic on addresses.", "index the view instead.");
    }

    (Value A, Value B) Unify(Value a, Value b)
    {
        if (a.Type.Kind == b.Type.Kind)
            return (a, b);
        IrType wider = a.Type.IsFloat || b.Type.IsFloat ? IrType.F64 : IrType.I64;
        return (Coerce(a, wider), Coerce(b, wider));
    }

    /// <summary>The condition of a compare or conditional branch, popped from the stack.</summary>
    Value Condition(OpCode opCode)
    {
        string name = opCode.Name!.Replace(".s", "", StringComparison.Ordinal);
        if (name is "brtrue" or "brfalse")
        {
            StackValue tested = Pop();
            Value truth = tested is NullObject ? Constant.Bool(false) : tested is MemoryReference or LocalReference
                ? Constant.Bool(true) : _emit.ToBool(Value(tested));
            return name == "brtrue" ? truth : _emit.Unary(Opcode.Not, IrType.Bool, truth);
        }

        Value b = PopValue(), a = PopValue();
        if (!a.Type.IsPointer || !b.Type.IsPointer)
            (a, b) = Unify(a, b);
        bool un = name.EndsWith(".un", StringComparison.Ordinal) && name != "bne.un";
        Predicate predicate = name.Replace(".un", "", StringComparison.Ordinal) switch
        {
            "ceq" or "beq" => Predicate.Equal,
            "bne" => Predicate.NotEqual,
            "clt" or "blt" => Predicate.Less,
            "cgt" or "bgt" => Predicate.Greater,
            "ble" => Predicate.LessOrEqual,
            _ => Predicate.GreaterOrEqual,
        };
        return _emit.Compare(new Comparison(predicate, un && !a.Type.IsFloat, un && a.Type.IsFloat), a, b);
    }

    /// <summary>What the last conv.r.un converted, and the offset of the instruction after it.</summary>
    (Value? Integer, int NextOffset) _unsigned;

    static Type IndirectType(ILOpCode opCode) => opCode switch
    {
        ILOpCode.Ldind_i1 or ILOpCode.Stind_i1 or ILOpCode.Ldelem_i1 => typeof(sbyte),
        ILOpCode.Ldind_u1 or ILOpCode.Ldelem_u1 => typeof(byte),
        ILOpCode.Ldind_i2 or ILOpCode.Stind_i2 or ILOpCode.Ldelem_i2 => typeof(short),
        ILOpCode.Ldind_u2 or ILOpCode.Ldelem_u2 => typeof(ushort),
        ILOpCode.Ldind_i4 or ILOpCode.Ldind_u4 or ILOpCode.Stind_i4 or ILOpCode.Ldelem_i4 or ILOpCode.Ldelem_u4 => typeof(int),
        ILOpCode.Ldind_i8 or ILOpCode.Stind_i8 or ILOpCode.Ldind_i or ILOpCode.Stind_i or ILOpCode.Ldelem_i8 or ILOpCode.Ldelem_i => typeof(long),
        ILOpCode.Ldind_r4 or ILOpCode.Stind_r4 or ILOpCode.Ldelem_r4 => typeof(float),
        _ => typeof(double),
    };

    ConstantArray PopArray() => Pop() as ConstantArray
        ?? throw Refuse(JitError.ReferenceType, "an array that is not static readonly.", "pass a view, or make the table static readonly.");

    void Element(ILOpCode opCode, Type? elementType)
    {
        Value index = PopValue();
        ConstantArray array = PopArray();
        Type type = array.Data.GetType().GetElementType()!;
        MemoryReference reference = ElementReference(array, index, type);
        Push(opCode == ILOpCode.Ldelema ? reference : Read(reference, opCode == ILOpCode.Ldelem ? elementType! : type));
    }

    JitException RefuseInstruction(IlInstruction instruction)
    {
        string name = instruction.OpCode.Name!;
        return name switch
        {
            "throw" or "rethrow" or "endfinally" or "endfilter" => Refuse(JitError.Exception, $"{name}.", "kernels have no exceptions; test the condition on the host."),
            "newarr" or "box" or "unbox" or "unbox.any" or "castclass" or "isinst" or "ldelem.ref" or "stelem.ref" or "ldind.ref" or "stind.ref" =>
                Refuse(JitError.ReferenceType, $"{name} needs an object.", "use views, LocalMemory.Allocate or SharedMemory.Allocate."),
            "localloc" => Refuse(JitError.StackMemory, "stackalloc.", "use LocalMemory.Allocate<T>(constant)."),
            "ldftn" or "ldvirtftn" or "calli" or "jmp" => Refuse(JitError.VirtualCall, $"{name} calls what is known only at run time.", "pass a struct that implements an interface as a type argument."),
            _ => Refuse(JitError.UnsupportedInstruction, $"IL instruction {name} has no meaning in a kernel.",
                name.Contains(".ovf", StringComparison.Ordinal) ? "leave the checked context." : "write the expression differently."),
        };
    }
}
