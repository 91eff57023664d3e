using IlgpuDca.Ilgpu.Extensions;

namespace ILGPU.Runtime;

/// <summary>
/// The target of launch delegates. A launch flattens its arguments into slots on the stack and hands them to the
/// kernel's code: no allocation and no reflection after the first.
/// </summary>
abstract class KernelLauncher(Kernel kernel)
{
    static readonly Type[] ByParameterCount =
    [
        typeof(KernelLauncher<>),
        typeof(KernelLauncher<,>),
        typeof(KernelLauncher<,,>),
        typeof(KernelLauncher<,,,>),
        typeof(KernelLauncher<,,,,>),
        typeof(KernelLauncher<,,,,,>),
        typeof(KernelLauncher<,,,,,,>),
        typeof(KernelLauncher<,,,,,,,>),
        typeof(KernelLauncher<,,,,,,,,>),
        typeof(KernelLauncher<,,,,,,,,,>),
        typeof(KernelLauncher<,,,,,,,,,,>),
        typeof(KernelLauncher<,,,,,,,,,,,>),
        typeof(KernelLauncher<,,,,,,,,,,,,>),
        typeof(KernelLauncher<,,,,,,,,,,,,,>),
    ];

    /// <summary>The kernel.</summary>
    public Kernel Kernel { get; } = kernel;

    /// <summary>Slots on the stack of a launch.</summary>
    protected int SlotCount { get; } = kernel.Plan.SlotCount + kernel.Plan.SpecializedSlotCount;

    /// <summary>
    /// A launcher of a delegate type: stream, then KernelConfig or Index1D, then the kernel's parameters.
    /// </summary>
    public static Delegate Create(Kernel kernel, Type delegateType)
    {
        Type[] parameters =
            [.. delegateType.GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];
        Type dimension = kernel.Source.IsImplicitlyGrouped ? typeof(Index1D) : typeof(KernelConfig);
        Type[] own = [.. kernel.Source.Method.GetParameters()
            .Skip(kernel.Source.IsImplicitlyGrouped ? 1 : 0).Select(parameter => parameter.ParameterType)];
        if (own.Length == 0 || own.Length > ByParameterCount.Length
            || !parameters.SequenceEqual([typeof(AcceleratorStream), dimension, .. own]))
        {
            throw new ArgumentException(
                $"{kernel.Source.Name} cannot be launched by {delegateType}; use Action<AcceleratorStream, "
                + $"{dimension.Name}, {string.Join(", ", own.Select(type => type.Name))}>.");
        }

        object launcher = Activator.CreateInstance(ByParameterCount[own.Length - 1].MakeGenericType(own), kernel)!;
        string method = kernel.Source.IsImplicitlyGrouped ? "LaunchIndexed" : "Launch";
        return Delegate.CreateDelegate(delegateType, launcher, method);
    }

    /// <summary>A writer for a launch by groups.</summary>
    protected SlotWriter Explicit(Span<ulong> slots) => new(Kernel, slots);

    /// <summary>A writer for a launch by extent, which is its first slot.</summary>
    protected SlotWriter Implicit(Span<ulong> slots, Index1D extent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extent.X);
        var writer = new SlotWriter(Kernel, slots);
        writer.Add((uint)extent.X);
        return writer;
    }

    /// <summary>Launches over an extent: as many groups as cover it, none for an empty one.</summary>
    protected void Run(AcceleratorStream stream, Index1D extent, Span<ulong> slots)
    {
        if (extent.X == 0)
            return;

        int group = Kernel.Source.ImplicitGroupSize;
        int groups = (int)(((long)extent.X + group - 1) / group);
        Run(stream, new KernelConfig(groups, group), slots);
    }

    /// <summary>Launches with the slots filled.</summary>
    protected void Run(AcceleratorStream stream, in KernelConfig config, Span<ulong> slots)
    {
        ObjectDisposedException.ThrowIf(Kernel.IsDisposed, Kernel);
        LaunchLimits.Require(Kernel, stream, config);
        Span<ulong> arguments = slots[..Kernel.Plan.SlotCount], specialized = slots[Kernel.Plan.SlotCount..];
        if (!KernelPreparation.Takes(Kernel, specialized))
            Kernel.CodeFor(specialized).Launch(stream, config, arguments);
    }
}
