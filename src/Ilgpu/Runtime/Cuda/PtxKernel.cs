namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>The PTX of one kernel.</summary>
/// <param name="Text">The module.</param>
/// <param name="EntryPoint">Its entry.</param>
sealed record PtxKernel(string Text, string EntryPoint);
