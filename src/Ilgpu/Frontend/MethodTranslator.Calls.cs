using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Calls: intrinsics by the table, everything else in place.</summary>
sealed partial class MethodTranslator
{
    public TranslationContext Context => _context;

    public Emitter Emit => _emit;

    public SsaBuilder Ssa => _ssa;

    void Call(MethodBase method, bool isVirtual)
    {
        StackValue[] arguments = new StackValue[method.GetParameters().Length + (method.IsStatic ? 0 : 1)];
        for (int k = arguments.Length - 1; k >= 0; k--)
            arguments[k] = Pop();

        if (_constrained is { } type)
        {
            _constrained = null;
            method = Implementation(type, (MethodInfo)method);
            isVirtual = false;
        }
        if (isVirtual && method.IsVirtual && !method.IsFinal && !method.DeclaringType!.IsSealed)
            throw Refuse(JitError.VirtualCall, $"{Name(method)} is called virtually.", "pass a struct that implements the interface as a type argument.");

        StackValue? result;
        if (IntrinsicTable.Find(method) is { } intrinsic)
            result = intrinsic(this, method, arguments);
        else if (_context.Options.Target == CompileTarget.Cpu && MethodCode.Of(method)?.CollectiveRoutine is { } routine)
            result = Collective(method, routine, arguments);
        else
            result = InlineCall(method, arguments);
        if (result is not null)
            Push(result);
    }

    StackValue? InlineCall(MethodBase method, StackValue[] arguments)
    {
        RefuseFramework(method);
        IlInstruction here = _instruction;
        StackValue[] saved = [.. _stack.Reverse()];
        StackValue? result = Inline(_context, this, method, arguments);
        _stack.Clear();
        foreach (StackValue value in saved)
            _stack.Push(value);
        _instruction = here;
        return result;
    }

    void NewObject(ConstructorInfo constructor)
    {
        Type type = constructor.DeclaringType!;
        if (!type.IsValueType)
        {
            if (typeof(Exception).IsAssignableFrom(type))
                throw Refuse(JitError.Exception, $"new {type.Name}.", "kernels have no exceptions; test the condition on the host.");
            throw Refuse(JitError.ReferenceType, $"new {type.Name} allocates an object.", "kernels hold values only: use structs and views.");
        }
        StackValue[] arguments = new StackValue[constructor.GetParameters().Length + 1];
        for (int k = arguments.Length - 1; k > 0; k--)
            arguments[k] = Pop();
        if (TypeLayout.IsView(type))
            throw Refuse(JitError.NoDeviceForm, $"a view is constructed.", "use SubView, Cast or BaseView of a view that the kernel has.");
        Slot instance = new(type);
        Store(instance, Zero(type));
        arguments[0] = new LocalReference(instance, Layout(type), 0);
        InlineCall(constructor, arguments);
        Push(Load(instance));
    }

    /// <summary>The method of a struct that a constrained call means: an interface's, or a static abstract one.</summary>
    MethodBase Implementation(Type type, MethodInfo declared)
    {
        if (declared.DeclaringType!.IsInterface)
        {
            MethodInfo open = declared.IsGenericMethod ? declared.GetGenericMethodDefinition() : declared;
            InterfaceMapping map = type.GetInterfaceMap(declared.DeclaringType);
            for (int k = 0; k < map.InterfaceMethods.Length; k++)
                if (map.InterfaceMethods[k].MethodHandle == open.MethodHandle)
                    return declared.IsGenericMethod ? map.TargetMethods[k].MakeGenericMethod(declared.GetGenericArguments()) : map.TargetMethods[k];
        }
        MethodInfo? found = type.GetMethod(declared.Name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic,
            [.. declared.GetParameters().Select(parameter => parameter.ParameterType)]);
        return found is { DeclaringType: { IsValueType: true } } ? found
            : throw Refuse(JitError.VirtualCall, $"{type.Name} inherits {declared.Name} from a class.", "override it in the struct.");
    }

    /// <summary>Framework methods are compiled only where their IL is plain arithmetic: generic maths and static helpers of numbers.</summary>
    void RefuseFramework(MethodBase method)
    {
        Type type = method.DeclaringType!;
        string name = type.FullName ?? type.Name;
        if (name.StartsWith("System.Span", StringComparison.Ordinal) || name.StartsWith("System.ReadOnlySpan", StringComparison.Ordinal))
            throw Refuse(JitError.StackMemory, $"{Name(method)} is a span's.", "use a view, LocalMemory.Allocate or a static readonly array.");
        bool isFramework = type.Assembly == typeof(object).Assembly || type.Assembly.FullName!.StartsWith("System.", StringComparison.Ordinal);
        bool isNumber = type.IsPrimitive || name.StartsWith("System.Numerics.", StringComparison.Ordinal) || name.StartsWith("System.ValueTuple", StringComparison.Ordinal);
        if (!isFramework || isNumber)
            return;
        if (name is "System.Math")
            throw Refuse(JitError.DoubleFunction, $"{Name(method)} has no PTX form.", "use XMath or MathF on float, or work it out on the host.");
        throw Refuse(JitError.NoDeviceForm, $"{Name(method)} has no PTX form.", "use XMath, MathF or the ILGPU API, or add it to src/Ilgpu/Frontend/IntrinsicTable.cs.");
    }

    StackValue? Collective(MethodBase method, MethodInfo routine, StackValue[] arguments)
    {
        List<CollectiveParameter> parameters = [];
        List<Value> inputs = [];
        List<(StackValue Reference, Type Type)> outputs = [];
        foreach ((ParameterInfo parameter, StackValue argument) in method.GetParameters().Zip(arguments))
        {
            bool byRef = parameter.ParameterType.IsByRef;
            Type type = byRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            AsmOperandKind kind = !byRef ? AsmOperandKind.Input : parameter.IsOut ? AsmOperandKind.Output : AsmOperandKind.InOut;
            TypeLayout layout = Layout(type);
            if (layout.Leaves.Count != 1 && !TypeLayout.IsView(type))
                throw Refuse(JitError.InlineAssembly, $"{Name(method)}: parameter {parameter.Name} is no scalar.", "pass numbers, refs to numbers, or views.");
            // A view goes in as its pointer.
            parameters.Add(new CollectiveParameter(kind, layout.Leaves[0].Type));
            if (kind != AsmOperandKind.Output)
                inputs.Add(byRef ? Value(Read(argument, type)) : Leaves(argument, layout)[0]);
            if (byRef)
                outputs.Add((argument, type));
        }
        Value tuple = _emit.Emit(Opcode.Collective, IrType.Tuple, [.. inputs], new CollectiveInfo(routine, parameters));
        for (int k = 0; k < outputs.Count; k++)
        {
            (StackValue reference, Type type) = outputs[k];
            Write(reference, new Scalar(Extract(tuple, k, Layout(type).Leaves[0].Type)), type);
        }
        return null;
    }

    /// <summary>One value of a tuple.</summary>
    public Value Extract(Value tuple, int index, MemoryType type) => _emit.Emit(Opcode.Extract, type.ValueType(), [tuple], index);
}
