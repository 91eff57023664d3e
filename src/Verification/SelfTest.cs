using ILGPU.Runtime;

namespace IlgpuDca.Verification;

/// <summary>Runs checks one after the other and counts.</summary>
public static class SelfTest
{
    /// <summary>
    /// Runs every check, whatever the ones before it did; only an accelerator that is lost ends the run, and all that is left has
    /// failed then.
    /// </summary>
    /// <param name="accelerator">Where the checks run.</param>
    /// <param name="checks">What to run.</param>
    /// <param name="log">Takes a line for each check.</param>
    public static SelfTestResult Run(Accelerator accelerator, IEnumerable<Check> checks, Action<string>? log)
    {
        int passed = 0, skipped = 0;
        List<string> failures = [];
        string? lost = null;
        foreach (Check check in checks)
        {
            if (lost is not null)
            {
                failures.Add($"{check.Name}: not run, for the accelerator was lost: {lost}");
                continue;
            }
            try
            {
                check.Run(accelerator);
                // What a kernel did wrong after its check was done belongs to that check, not to the next.
                accelerator.Synchronize();
                passed++;
                log?.Invoke($"passed   {check.Name}");
            }
            catch (CheckSkipped reason)
            {
                skipped++;
                log?.Invoke($"skipped  {check.Name}: {reason.Message}");
            }
            catch (Exception problem)
            {
                failures.Add(problem.Message.StartsWith(check.Name, StringComparison.Ordinal) ? problem.Message : $"{check.Name}: {problem.Message}");
                log?.Invoke($"FAILED   {failures[^1]}");
                lost = LossOf(accelerator);
            }
        }
        return new SelfTestResult(passed, failures.Count, skipped, failures);
    }

    /// <summary>
    /// Why the accelerator can't be used any more, or null. After an error that destroys the context, such as an illegal address,
    /// CUDA fails every call; after any other the next wait succeeds.
    /// </summary>
    static string? LossOf(Accelerator accelerator)
    {
        if (accelerator.AcceleratorType == AcceleratorType.CPU)
            return null;
        try
        {
            accelerator.Synchronize();
            return null;
        }
        catch (AcceleratorException problem)
        {
            return problem.Message;
        }
    }
}
