namespace ILGPU.Runtime;

/// <summary>One compilation of a kernel.</summary>
/// <param name="Source">The kernel.</param>
/// <param name="SpecializedValues">The boxed value of each SpecializedValue parameter, by parameter index.</param>
sealed record KernelRequest(KernelSource Source, IReadOnlyDictionary<int, object> SpecializedValues);
