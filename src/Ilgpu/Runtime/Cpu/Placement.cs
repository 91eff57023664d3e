namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>Where the emitted code keeps an instruction's result.</summary>
enum Placement : byte
{
    /// <summary>In IL locals of the thread, computed where it stands.</summary>
    Local,
    /// <summary>Nowhere: nothing uses it and it has no effect.</summary>
    Dead,
    /// <summary>On the IL stack: computed where its only user wants it.</summary>
    Folded,
    /// <summary>Nowhere: an address that is cheaper to form at each use.</summary>
    Inline,
    /// <summary>In an IL local set before the loop over the threads: the same for all threads of the group.</summary>
    Uniform,
    /// <summary>A loop variable: the thread's index in the group, or its lane.</summary>
    ThreadIndex,
    /// <summary>Another name for a component of a tuple.</summary>
    Alias,
}
