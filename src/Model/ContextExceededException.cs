namespace IlgpuDca.Model;

/// <summary>A text that is longer than what was asked for or what fits: both numbers, and the flags that would make it fit.</summary>
public sealed class ContextExceededException(string message) : Exception(message);
