namespace IlgpuDca.Model;

/// <summary>A GPU was asked for, or was in use, and can't be used: the reason and what to do.</summary>
public sealed class GpuUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
