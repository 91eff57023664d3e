namespace IlgpuDca.Verification;

/// <summary>A check that found a wrong result; the message says which, what it should be and how far apart the two are.</summary>
public sealed class CheckFailed(string reason, Exception? cause = null) : Exception(reason, cause);
