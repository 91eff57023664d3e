using System.Reflection;
using IlgpuDca.Ilgpu.Frontend;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>One compiled variant of a kernel that an accelerator holds.</summary>
/// <param name="Method">The kernel, its generic arguments filled in.</param>
/// <param name="Options">What it was compiled with for its accelerator.</param>
/// <param name="Resources">What it takes of the GPU; null on the CPU.</param>
public sealed record CompiledKernel(MethodInfo Method, CompileOptions Options, KernelResources? Resources);
