namespace IlgpuDca.Verification;

/// <summary>How a run of checks ended.</summary>
/// <param name="Passed">Checks that held.</param>
/// <param name="Failed">Checks that did not, those that a lost accelerator kept from being tried included.</param>
/// <param name="Skipped">Checks that this accelerator can't run.</param>
/// <param name="Failures">One line for each failure, with the check's name.</param>
public sealed record SelfTestResult(int Passed, int Failed, int Skipped, IReadOnlyList<string> Failures);
