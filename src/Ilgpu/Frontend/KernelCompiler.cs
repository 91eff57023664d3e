using System.Reflection;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Passes;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>From a C# method to the IR that a back end takes.</summary>
public static class KernelCompiler
{
    /// <summary>Translates a kernel and runs the passes of its target.</summary>
    /// <exception cref="JitException">The method breaks a rule of kernels; the message names the rule, the place and the fix.</exception>
    public static KernelFunction Compile(MethodInfo method, CompileOptions options)
    {
        KernelFunction function = Translate(method, options);
        Pipeline.Run(function, options);
        RefuseAccumulatorsInMemory(function);
        return function;
    }

    /// <summary>The tensor cores' sums are registers: what promotion could not place there is refused.</summary>
    static void RefuseAccumulatorsInMemory(KernelFunction function)
    {
        foreach (Instruction instruction in function.Instructions)
            if (instruction.Payload is AsmInfo { InPlace: true }
                && instruction.Operands.Any(operand => operand is Instruction { Opcode: Opcode.Load } load && load.Operands[0].Type.Space != AddressSpace.Global))
                throw new JitException(JitError.HopperOperand, instruction.Location.Method ?? function.Method, instruction.Location.IlOffset,
                    "sums or operands of a multiplication did not become registers.", "index their local memory with constants, in loops of constant bounds.");
    }

    /// <summary>Translates a kernel without any pass but the removal of what can't be reached.</summary>
    public static KernelFunction Translate(MethodInfo method, CompileOptions options)
    {
        CheckSignature(method);
        KernelFunction function = new(EntryName(method), method)
        {
            MaxThreadsPerGroup = options.MaxThreadsPerGroup,
            MinGroupsPerMultiprocessor = options.MinGroupsPerMultiprocessor,
        };
        TranslationContext context = new(function, options);
        BasicBlock entry = context.Ssa.AddBlock(sealIt: true);
        context.Ssa.Current = entry;

        List<StackValue> arguments = [];
        if (options.ImplicitlyGrouped)
            AddParameter(context, "extent", new Leaf("", MemoryType.I32, 0, false));
        if (!method.IsStatic)
            arguments.Add(new NullObject());
        ParameterInfo[] parameters = method.GetParameters();
        for (int k = 0; k < parameters.Length; k++)
            arguments.Add(Argument(context, parameters[k], k));

        BasicBlock? outside = options.ImplicitlyGrouped ? GuardExtent(context, arguments) : null;
        MethodTranslator.Inline(context, null, method, [.. arguments]);
        context.Ssa.End(outside is null ? Terminator.Return() : Terminator.Jump(outside));
        if (outside is not null)
            context.Ssa.Seal(outside);
        context.Ssa.Finish();
        CleanUp.Run(function);
        return function;
    }

    static void CheckSignature(MethodInfo method)
    {
        JitException Refuse(string found, string fix) => new(JitError.Signature, method, 0, found, fix);
        if (!method.IsStatic && method.DeclaringType!.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length > 0)
            throw Refuse("the kernel is an instance method, or a lambda that captures.", "make it static, or pass what it captures as parameters.");
        if (method.ReturnType != typeof(void))
            throw Refuse($"the kernel returns {method.ReturnType.Name}.", "return void and write to a view.");
        if (method.ContainsGenericParameters)
            throw Refuse("the kernel has open type parameters.", "load it with its type arguments.");
        foreach (ParameterInfo parameter in method.GetParameters())
            if (!parameter.ParameterType.IsValueType)
                throw Refuse($"parameter {parameter.Name} is a {parameter.ParameterType.Name}.", "pass numbers, structs of them and views.");
    }

    static StackValue Argument(TranslationContext context, ParameterInfo parameter, int index)
    {
        Type type = parameter.ParameterType;
        if (type.IsGenericType && type.GetGenericTypeDefinition().FullName == "ILGPU.Runtime.SpecializedValue`1")
        {
            if (!context.Options.Specialized.TryGetValue(index, out object? value))
                throw new JitException(JitError.Signature, context.Function.Method, 0,
                    $"parameter {parameter.Name} is specialised and has no value yet.", "compile it with the value in CompileOptions.Specialized.");
            return new Struct(TypeLayout.Of(type), MethodTranslator.Constants(value, type.GetGenericArguments()[0]));
        }
        if (context.Options.ImplicitlyGrouped && index == 0)
            return new Struct(TypeLayout.Of(type), [Constant.Int(0)]);
        TypeLayout layout;
        try
        {
            layout = TypeLayout.Of(type);
        }
        catch (NotSupportedException problem)
        {
            throw new JitException(JitError.Signature, context.Function.Method, 0, $"parameter {parameter.Name}: {problem.Message}", "pass numbers, structs of them and views.");
        }
        return MethodTranslator.FromLeaves(layout, [.. layout.Leaves.Select(leaf => AddParameter(context, parameter.Name!, leaf))]);
    }

    static Parameter AddParameter(TranslationContext context, string name, Leaf leaf)
    {
        List<Parameter> parameters = context.Function.Parameters;
        // Buffers live in global memory, and so does every view that a launch passes.
        IrType type = leaf.Type == MemoryType.Pointer ? IrType.Pointer(AddressSpace.Global) : leaf.Type.ValueType();
        Parameter parameter = new(parameters.Sum(earlier => earlier.Slots), leaf.Path.Length == 0 ? name : $"{name}.{leaf.Path}", leaf.Type, type);
        parameters.Add(parameter);
        return parameter;
    }

    /// <summary>An implicitly grouped kernel: leaf 0 is the extent, threads at or past it do nothing. Returns the block after the kernel.</summary>
    static BasicBlock GuardExtent(TranslationContext context, List<StackValue> arguments)
    {
        Emitter emit = context.Emitter;
        Value Special(SpecialRegister register) => emit.Emit(Opcode.Special, IrType.I32, [], register);
        Value index = emit.Binary(Opcode.Add, emit.Binary(Opcode.Mul, Special(SpecialRegister.GridIdxX), Special(SpecialRegister.GroupDimX)),
            Special(SpecialRegister.GroupIdxX));
        Parameter extent = context.Function.Parameters[0];
        int first = arguments[0] is NullObject ? 1 : 0;
        arguments[first] = new Struct(((Struct)arguments[first]).Layout, [index]);

        BasicBlock inside = context.Ssa.AddBlock(), after = context.Ssa.AddBlock();
        context.Ssa.End(Terminator.Branch(emit.Compare(new Comparison(Predicate.Less), index, extent), inside, after));
        context.Ssa.Seal(inside);
        context.Ssa.Current = inside;
        return after;
    }

    static string EntryName(MethodInfo method)
    {
        string name = $"{method.DeclaringType?.Name}_{method.Name}";
        return new string([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_')]);
    }
}
