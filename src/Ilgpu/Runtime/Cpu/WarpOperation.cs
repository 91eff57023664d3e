namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>A convergent operation on a warp whose operands lie in its frame.</summary>
/// <param name="frame">The warp's frame.</param>
/// <param name="lanes">Lanes that the warp has: 32, fewer in a group's last warp.</param>
/// <param name="mask">One bit for each lane that takes part.</param>
unsafe delegate void WarpOperation(byte* frame, int lanes, uint mask);
