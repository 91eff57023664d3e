namespace IlgpuDca.Cli;

/// <summary>Results that can't be written: a full disk.</summary>
sealed class OutputException(string message) : IOException(message);
