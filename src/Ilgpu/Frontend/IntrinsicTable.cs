using System.Collections.Concurrent;
using System.Reflection;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Emits a call's meaning: its arguments (this first) in, its result out, null for void.</summary>
delegate StackValue? Intrinsic(MethodTranslator translator, MethodBase method, StackValue[] arguments);

/// <summary>
/// The methods that the compiler knows by name instead of by their IL. To add one, register it in the file of its group; the key
/// is "declaring type's full name.method name", overloads together.
/// </summary>
static class IntrinsicTable
{
    static readonly Dictionary<string, Intrinsic> Table = Build();

    static readonly ConcurrentDictionary<MethodBase, Intrinsic?> Found = new();

    /// <summary>The intrinsic for a method, or null where its IL is what counts.</summary>
    public static Intrinsic? Find(MethodBase method) => Found.GetOrAdd(method, Lookup);

    static Intrinsic? Lookup(MethodBase method)
    {
        Type? type = method.DeclaringType;
        if (type is null)
            return null;
        if (type.IsGenericType)
            type = type.GetGenericTypeDefinition();
        return Table.GetValueOrDefault($"{type.FullName}.{method.Name}");
    }

    static Dictionary<string, Intrinsic> Build()
    {
        Dictionary<string, Intrinsic> table = [];
        IndexIntrinsics.Register(table);
        ViewIntrinsics.Register(table);
        MemoryIntrinsics.Register(table);
        GroupIntrinsics.Register(table);
        MathIntrinsics.Register(table);
        ConversionIntrinsics.Register(table);
        AssemblyIntrinsics.Register(table);
        HopperIntrinsics.Register(table);
        CopyIntrinsics.Register(table);
        LaunchIntrinsics.Register(table);
        return table;
    }

    /// <summary>A struct value of a method's return type.</summary>
    public static StackValue Result(MethodTranslator translator, MethodBase method, params Value[] leaves) =>
        MethodTranslator.FromLeaves(translator.Layout(((MethodInfo)method).ReturnType), leaves);
}
