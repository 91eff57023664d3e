using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// Programmatic dependent launch: a kernel that calls <see cref="WaitForPrevious"/> may start while the kernel before it on its stream
/// still runs, once each group of that one has called <see cref="AllowNext"/> or ended. What it does before it waits overlaps.
/// </summary>
/// <remarks>
/// A launcher asks the driver for it by itself where the kernel waits and the device can (compute capability 9.0); elsewhere both
/// calls do nothing. Before the wait only memory may be read that no earlier kernel of the stream writes, and nothing may be written
/// but shared memory. Every thread that reads or writes anything else must wait.
/// </remarks>
public static class ProgrammaticLaunch
{
    /// <summary>Waits until the kernels before this one on its stream are done and what they wrote can be read.</summary>
    public static void WaitForPrevious() => throw InsideKernel.Only("ProgrammaticLaunch.WaitForPrevious");

    /// <summary>The next kernel of the stream may start as far as this group is concerned.</summary>
    public static void AllowNext() => throw InsideKernel.Only("ProgrammaticLaunch.AllowNext");

    /// <summary>
    /// On the host: the next launch on a stream starts when all before it is done, whatever its kernel allows. For a kernel
    /// that reads ahead of its wait what the launch before this call writes.
    /// </summary>
    public static void NextStartsAlone(AcceleratorStream stream) => stream.NextStartsAlone = true;
}
