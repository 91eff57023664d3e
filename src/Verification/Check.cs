using ILGPU.Runtime;

namespace IlgpuDca.Verification;

/// <summary>One thing that must hold on an accelerator. Run throws where it doesn't, and <see cref="CheckSkipped"/> where it can't be tried.</summary>
/// <param name="Name">Group and case, such as "RmsNorm 3 x 257 bf16": unique.</param>
/// <param name="Run">Does it; allocates and frees what it needs.</param>
public sealed record Check(string Name, Action<Accelerator> Run);
