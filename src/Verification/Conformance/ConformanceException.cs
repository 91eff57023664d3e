namespace IlgpuDca.Verification.Conformance;

/// <summary>A kernel's result is not what C# gives.</summary>
public sealed class ConformanceException(string message) : Exception(message);
