using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>A method as all its calls see it: read once, for helpers are inlined many times.</summary>
sealed class MethodCode
{
    /// <summary>The name of the extension's attribute: known by name, for the front end stands below the API.</summary>
    const string WarpCollectiveAttribute = "IlgpuDca.Ilgpu.Extensions.WarpCollectiveAttribute";

    static readonly ConcurrentDictionary<MethodBase, MethodCode?> Cache = new();

    MethodCode(MethodBase method, MethodBody body, byte[] il)
    {
        ParameterTypes = [.. TypesOfParameters(method)];
        LocalTypes = [.. body.LocalVariables.Select(local => local.LocalType)];
        (ClearsLocals, HasTry) = (body.InitLocals, body.ExceptionHandlingClauses.Count > 0);
        List<IlInstruction> instructions = IlReader.Read(method, il);
        Blocks = IlBlock.Split(instructions);
        (ConstantParameters, ConstantLocals) = FindConstants(instructions);
        CollectiveRoutine = FindRoutine(method);
    }

    /// <summary>The method's code; null where it has no IL.</summary>
    public static MethodCode? Of(MethodBase method) => Cache.GetOrAdd(method, static method =>
        method.GetMethodBody() is { } body && body.GetILAsByteArray() is { Length: > 0 } il ? new MethodCode(method, body, il) : null);

    /// <summary>The types of its arguments, <c>this</c> first: by-ref for a struct's method.</summary>
    public Type[] ParameterTypes { get; }

    public Type[] LocalTypes { get; }

    /// <summary>Whether its locals are zero at its start.</summary>
    public bool ClearsLocals { get; }

    public bool HasTry { get; }

    /// <summary>The blocks that can be reached, in reverse postorder.</summary>
    public List<IlBlock> Blocks { get; }

    /// <summary>Arguments that are never assigned: they need no variables, so what they hold stays known inside loops.</summary>
    public bool[] ConstantParameters { get; }

    /// <summary>Locals that are assigned once.</summary>
    public bool[] ConstantLocals { get; }

    /// <summary>The host routine of a method marked as a warp collective, else null.</summary>
    public MethodInfo? CollectiveRoutine { get; }

    static MethodInfo? FindRoutine(MethodBase method)
    {
        foreach (CustomAttributeData attribute in method.GetCustomAttributesData())
            if (attribute.AttributeType.FullName == WarpCollectiveAttribute)
            {
                Type type = (Type)attribute.ConstructorArguments[0].Value!;
                string name = (string)attribute.ConstructorArguments[1].Value!;
                return type.GetMethod(name, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);
            }
        return null;
    }

    static IEnumerable<Type> TypesOfParameters(MethodBase method)
    {
        if (!method.IsStatic)
            yield return method.DeclaringType!.IsValueType ? method.DeclaringType.MakeByRefType() : method.DeclaringType;
        foreach (ParameterInfo parameter in method.GetParameters())
            yield return parameter.ParameterType;
    }

    /// <summary>
    /// An address counts as an assignment, but a view's or a readonly struct's that is neither constructed in place nor passed by ref.
    /// </summary>
    (bool[] Parameters, bool[] Locals) FindConstants(List<IlInstruction> instructions)
    {
        HashSet<Type> rebuilt = [];
        foreach (IlInstruction instruction in instructions)
        {
            if (instruction.Operand is ConstructorInfo constructor && instruction.OpCode == OpCodes.Call)
                rebuilt.Add(constructor.DeclaringType!);
            else if (instruction.Operand is Type type && (instruction.OpCode == OpCodes.Initobj || instruction.OpCode == OpCodes.Stobj))
                rebuilt.Add(type);
            else if (instruction.Operand is MethodBase called)
                rebuilt.UnionWith(called.GetParameters().Where(parameter => parameter.ParameterType.IsByRef && !parameter.IsIn)
                    .Select(parameter => parameter.ParameterType.GetElementType()!));
        }
        int[] parameters = new int[ParameterTypes.Length], locals = new int[LocalTypes.Length];
        foreach (IlInstruction instruction in instructions)
        {
            OpCode code = instruction.OpCode;
            if (code == OpCodes.Starg || code == OpCodes.Starg_S)
                parameters[(int)instruction.Operand!]++;
            else if (code == OpCodes.Ldarga || code == OpCodes.Ldarga_S)
                parameters[(int)instruction.Operand!] += IsAssignable(ParameterTypes[(int)instruction.Operand!]) ? 2 : 0;
            else if (code.Value >= OpCodes.Stloc_0.Value && code.Value <= OpCodes.Stloc_3.Value)
                locals[code.Value - OpCodes.Stloc_0.Value]++;
            else if (code == OpCodes.Stloc || code == OpCodes.Stloc_S)
                locals[(int)instruction.Operand!]++;
            else if (code == OpCodes.Ldloca || code == OpCodes.Ldloca_S)
                locals[(int)instruction.Operand!] += IsAssignable(LocalTypes[(int)instruction.Operand!]) ? 2 : 0;
        }
        return (Array.ConvertAll(parameters, writes => writes == 0),
            [.. locals.Zip(LocalTypes, (writes, type) => type.IsValueType && writes == 1)]);

        // The framework's numbers are readonly structs too, but a ref to one is there to assign it.
        bool IsAssignable(Type type) => rebuilt.Contains(type)
            || !TypeLayout.IsView(type) && (TypeLayout.Scalar(type) is not null || !type.IsDefined(typeof(System.Runtime.CompilerServices.IsReadOnlyAttribute), false));
    }
}
