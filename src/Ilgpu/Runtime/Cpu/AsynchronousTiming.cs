namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// When the CPU accelerator performs asynchronous copies and multiplications. A kernel whose results differ between the two has a
/// race.
/// </summary>
public enum AsynchronousTiming
{
    /// <summary>As soon as they are issued.</summary>
    AtIssue,

    /// <summary>
    /// As late as the waits allow: loads when every thread waits, multiplications and stores when their issuer waits for them. Until
    /// then a multiplication's sums are NaN.
    /// </summary>
    AtWait,
}
