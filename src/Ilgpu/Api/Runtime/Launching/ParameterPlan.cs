using System.Reflection;
using System.Runtime.InteropServices;

namespace ILGPU.Runtime;

/// <summary>
/// How the parameters of a kernel become slots. An implicitly grouped kernel's index has no slot of its own: slot 0 is
/// the extent instead, a 32-bit integer. Specialized values have no slot: they are compiled in.
/// </summary>
sealed class ParameterPlan
{
    /// <summary>What a launch can pass: 4 KB of parameters in eights.</summary>
    const int MaxSlots = 512;

    readonly (int Parameter, Type Value, ArgumentLeaf[] Leaves)[] _specialized;

    ParameterPlan(Type[] parameters, bool implicitlyGrouped)
    {
        int first = implicitlyGrouped ? 1 : 0;
        ParameterCount = parameters.Length - first;
        int slots = first;
        var specialized = new List<(int, Type, ArgumentLeaf[])>();
        for (int parameter = first; parameter < parameters.Length; parameter++)
        {
            ArgumentLeaf[] leaves = ArgumentLayout.Of(parameters[parameter]);
            if (SpecializedValueType.ValueOf(parameters[parameter]) is { } value)
                specialized.Add((parameter, value, leaves));
            else
                slots += leaves.Length;
        }

        _specialized = [.. specialized];
        SlotCount = slots;
        SpecializedSlotCount = _specialized.Sum(entry => entry.Leaves.Length);
    }

    /// <summary>Parameters of a launch.</summary>
    public int ParameterCount { get; }

    /// <summary>Slots that the kernel takes.</summary>
    public int SlotCount { get; }

    /// <summary>Slots that choose the variant of the kernel.</summary>
    public int SpecializedSlotCount { get; }

    /// <summary>The plan of a kernel.</summary>
    /// <exception cref="NotSupportedException">A parameter is nothing a kernel can take.</exception>
    public static ParameterPlan Of(KernelSource source)
    {
        Type[] parameters = [.. source.Method.GetParameters().Select(parameter => parameter.ParameterType)];
        if (source.Method.ReturnType != typeof(void))
        {
            throw new NotSupportedException(
                $"{source.Name} returns {source.Method.ReturnType.Name}; a kernel returns nothing and writes to views.");
        }

        if (source.IsImplicitlyGrouped && (parameters.Length == 0 || parameters[0] != typeof(Index1D)))
        {
            throw new NotSupportedException(
                $"{source.Name}: the first parameter of a kernel without groups is {nameof(Index1D)}; use LoadKernel for "
                + "other shapes.");
        }

        var plan = new ParameterPlan(parameters, source.IsImplicitlyGrouped);
        return plan.SlotCount <= MaxSlots
            ? plan
            : throw new NotSupportedException(
                $"{source.Name} takes {plan.SlotCount} scalars, {MaxSlots} at most; put them into a buffer.");
    }

    /// <summary>The boxed specialized values by parameter index.</summary>
    public IReadOnlyDictionary<int, object> Unflatten(ReadOnlySpan<ulong> specialized)
    {
        var values = new Dictionary<int, object>();
        int next = 0;
        foreach ((int parameter, Type type, ArgumentLeaf[] leaves) in _specialized)
        {
            object value = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
            GCHandle pinned = GCHandle.Alloc(value, GCHandleType.Pinned);
            try
            {
                foreach (ArgumentLeaf leaf in leaves)
                    Store(pinned.AddrOfPinnedObject() + leaf.Offset, leaf.Size, specialized[next++]);
            }
            finally
            {
                pinned.Free();
            }

            values.Add(parameter, value);
        }

        return values;
    }

    static unsafe void Store(nint address, int size, ulong slot) =>
        new ReadOnlySpan<byte>(&slot, size).CopyTo(new Span<byte>((void*)address, size));
}
