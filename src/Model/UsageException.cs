namespace IlgpuDca.Model;

/// <summary>Flags or arguments that can't be followed: a sentence for the user.</summary>
public sealed class UsageException(string message) : Exception(message);
