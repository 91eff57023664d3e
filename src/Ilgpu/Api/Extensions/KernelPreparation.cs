using ILGPU.Runtime;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>Compiles the kernels of work to come side by side, instead of one after the other as it is launched.</summary>
public static class KernelPreparation
{
    [ThreadStatic]
    static List<(Kernel Kernel, ulong[] Specialized)>? t_collected;

    /// <summary>
    /// Runs an action whose launches are not carried out: the kernels that they need are compiled, on all cores, before this returns.
    /// What else the action queues, copies for instance, does happen.
    /// </summary>
    /// <param name="launches">Launches kernels on this thread, with the specialized values that later launches will have.</param>
    /// <exception cref="InvalidOperationException">Called inside such an action.</exception>
    public static void Prepare(Action launches)
    {
        if (t_collected is not null)
            throw new InvalidOperationException("KernelPreparation.Prepare was called inside the action of another call; call it once, outside.");

        List<(Kernel Kernel, ulong[] Specialized)> collected = [];
        t_collected = collected;
        try
        {
            launches();
        }
        finally
        {
            t_collected = null;
        }

        try
        {
            Parallel.ForEach(collected, static one => one.Kernel.CodeFor(one.Specialized));
        }
        catch (AggregateException failures)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    /// <summary>Whether a launch is only noted, for its kernel to be compiled.</summary>
    internal static bool Takes(Kernel kernel, ReadOnlySpan<ulong> specialized)
    {
        if (t_collected is not { } collected)
            return false;

        foreach ((Kernel noted, ulong[] values) in collected)
            if (ReferenceEquals(noted, kernel) && specialized.SequenceEqual(values))
                return true;

        collected.Add((kernel, specialized.ToArray()));
        return true;
    }
}
