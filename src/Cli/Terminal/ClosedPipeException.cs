namespace IlgpuDca.Cli;

/// <summary>Whoever read our standard output has gone: there is nothing left to do.</summary>
sealed class ClosedPipeException() : IOException("standard output was closed.");
