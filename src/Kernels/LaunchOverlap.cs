using ILGPU;
using ILGPU.Runtime;
#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;
#endif

namespace IlgpuDca.Kernels;

/// <summary>
/// A kernel's start beside the end of the kernel before it on the stream, where the device can; else nothing. A decode step has some
/// 250 short kernels, whose starts and ends would else leave the memory idle between them.
/// </summary>
static class LaunchOverlap
{
    /// <summary>For kernels that have nothing to do ahead: their groups are in place when the kernel before them ends.</summary>
    public static void Begin()
    {
        AllowNext();
        WaitForPrevious();
    }

    /// <summary>
    /// The same, but the next kernel starts only when all that came before this one has ended: it may read that with
    /// <see cref="BeginAhead"/>.
    /// </summary>
    public static void BeginInTurn()
    {
        WaitForPrevious();
        AllowNext();
    }

    /// <summary>
    /// For a kernel that reads what is old before it waits: what was written before the last launch that started alone
    /// (<see cref="NextStartsAlone"/>, the first of a pass through the layers), and where the previous kernel began by
    /// <see cref="BeginInTurn"/>, what kernels before that wrote. All else only after <see cref="WaitForPrevious"/>. Nothing
    /// that is read is older, whatever a cache holds.
    /// </summary>
    public static void BeginAhead()
    {
        AllowNext();
        MemoryFence.DeviceLevel();
    }

    /// <summary>Lets the next kernel start. Called first of all, but in <see cref="BeginInTurn"/>.</summary>
    public static void AllowNext()
    {
#if !ILGPU_PACKAGE
        ProgrammaticLaunch.AllowNext();
#endif
    }

    /// <summary>
    /// On the host, before a launch that starts when all before it is done, and so do those behind it: they may read that ahead of
    /// their waits.
    /// </summary>
    public static void NextStartsAlone(AcceleratorStream stream)
    {
#if !ILGPU_PACKAGE
        ProgrammaticLaunch.NextStartsAlone(stream);
#endif
    }

    /// <summary>
    /// After this everything may be read and written; before it, only weights and what <see cref="BeginAhead"/> names may be read. A
    /// group may leave without it if it wrote nothing and another one waits: the launch ends with its last group.
    /// </summary>
    public static void WaitForPrevious()
    {
#if !ILGPU_PACKAGE
        ProgrammaticLaunch.WaitForPrevious();
#endif
    }
}
