namespace IlgpuDca.Ilgpu.Runtime.Cpu.Hopper;

/// <summary>Who asks for an operation, for messages: a thread of the group, and the kernel's number of the place.</summary>
readonly record struct Caller(int Thread, int Site);
