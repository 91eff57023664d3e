namespace IlgpuDca.Verification;

/// <summary>A check that this accelerator can't run, with the reason.</summary>
public sealed class CheckSkipped(string reason) : Exception(reason);
