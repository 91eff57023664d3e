namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>Runs consecutive threads from one state to where they leave.</summary>
/// <param name="frame">The warp's frame; for a plain kernel the one of the whole group.</param>
/// <param name="context">The group.</param>
/// <param name="first">The first thread's position: its lane, or its index in the group for a plain kernel.</param>
/// <param name="end">The position after the last thread; above <paramref name="first"/>.</param>
/// <returns>
/// The state where all of them wait, <see cref="RegionEmitter.Returned"/>, or <see cref="RegionEmitter.Mixed"/> when
/// they left at different places: the frame's lane states tell where.
/// </returns>
unsafe delegate int RegionMethod(byte* frame, GroupContext* context, nint first, nint end);
