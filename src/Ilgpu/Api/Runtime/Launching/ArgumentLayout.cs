using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace ILGPU.Runtime;

/// <summary>
/// The leaves of a parameter type in the order in which kernels take them: a primitive or enum is itself; a view its
/// pointer and its length; another struct its instance fields in declaration order, and theirs in turn.
/// </summary>
static class ArgumentLayout
{
    static readonly ConcurrentDictionary<Type, ArgumentLeaf[]> Cache = new();

    /// <summary>The leaves of a type.</summary>
    /// <exception cref="NotSupportedException">
    /// The type is or holds a reference, or nothing a kernel can take.
    /// </exception>
    public static ArgumentLeaf[] Of(Type type) => Cache.GetOrAdd(type, static key => Build(key));

    /// <summary>Whether a type is a view: its leaves are a pointer and a length.</summary>
    public static bool IsView(Type type) =>
        type.IsGenericType
        && (type.GetGenericTypeDefinition() == typeof(ArrayView<>)
            || type.GetGenericTypeDefinition() == typeof(ArrayView1D<,>));

    static ArgumentLeaf[] Build(Type type)
    {
        var leaves = new List<ArgumentLeaf>();
        Collect(type, type, [], leaves);
        return [.. leaves];
    }

    static void Collect(Type root, Type type, List<FieldInfo> path, List<ArgumentLeaf> leaves)
    {
        if (type.IsPrimitive || type.IsEnum)
        {
            Type primitive = type.IsEnum ? Enum.GetUnderlyingType(type) : type;
            leaves.Add(new ArgumentLeaf(LeafKind.Value, OffsetOf(root, path), SizeOf(primitive)));
            return;
        }

        if (IsView(type))
        {
            int storage = OffsetOf(root, path);
            leaves.Add(new ArgumentLeaf(LeafKind.ViewPointer, storage, SizeOf(type.GetGenericArguments()[0])));
            leaves.Add(new ArgumentLeaf(LeafKind.ViewLength, storage, sizeof(long)));
            return;
        }

        if (!type.IsValueType || type.IsPointer || type.IsDefined(typeof(InlineArrayAttribute), inherit: false))
        {
            throw new NotSupportedException(
                $"A kernel parameter of type {root} holds {type}, which kernels cannot take; use scalars, structs of "
                + "them, and views.");
        }

        const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (FieldInfo field in type.GetFields(Instance).OrderBy(field => field.MetadataToken))
            Collect(root, field.FieldType, [.. path, field], leaves);
    }

    // The runtime may lay a struct out as it likes, so the offset is measured: the field's address minus the struct's.
    static int OffsetOf(Type root, List<FieldInfo> path)
    {
        if (path.Count == 0)
            return 0;

        var method = new DynamicMethod("OffsetOf", typeof(int), [root.MakeByRefType()], typeof(ArgumentLayout), true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        foreach (FieldInfo field in path)
            il.Emit(OpCodes.Ldflda, field);

        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ret);
        object?[] arguments = [RuntimeHelpers.GetUninitializedObject(root)];
        return (int)method.Invoke(null, arguments)!;
    }

    static int SizeOf(Type type)
    {
        var method = new DynamicMethod("SizeOf", typeof(int), [], typeof(ArgumentLayout), true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Sizeof, type);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, [])!;
    }
}
