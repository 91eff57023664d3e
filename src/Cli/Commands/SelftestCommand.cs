using System.CommandLine;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;
using IlgpuDca.Verification;
using IlgpuDca.Verification.Conformance;

namespace IlgpuDca.Cli.Commands;

/// <summary>Runs the kernel and conformance checks on this machine's device.</summary>
sealed class SelftestCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly Option<string?> _filter = Flag.Text("--filter", "Only checks whose name has this in it.", "TEXT");
    readonly Option<bool> _quick = Flag.Switch("--quick", "Fewer random draws and decoded tokens: for runs under compute-sanitizer.");
    readonly Option<bool> _verbose = Flag.Switch("--verbose", "A line for every check on stderr, not only for failures.");
    readonly Option<bool> _races = Flag.Switch(
        "--races", "On the CPU, and kernels whose accesses to shared memory race fail.");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("selftest", "Runs every kernel and every construct that kernels may use against a reference on this device.");
        command.Add(_model.Device);
        command.Add(_filter);
        command.Add(_quick);
        command.Add(_verbose);
        command.Add(_races);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string filter = parsed.GetValue(_filter) ?? "";
        Check[] checks = [.. (parsed.GetValue(_quick) ? KernelChecks.Quick : KernelChecks.All).Concat(ConformanceChecks.All).Where(check => check.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        if (checks.Length == 0)
            throw new UsageException($"--filter {filter}: no check has that in its name.");
        bool races = parsed.GetValue(_races);
        DevicePreference preference = _model.DeviceOf(parsed);
        if (races && preference == DevicePreference.Cuda)
            throw new UsageException("--races with --device cuda: only the CPU accelerator looks for races. Leave one out.");
        using ComputeDevice device = ComputeDevice.Open(races ? DevicePreference.Cpu : preference, races);
        Messages.Line($"{checks.Length} {(checks.Length == 1 ? "check" : "checks")} on {device.Description}");
        bool verbose = parsed.GetValue(_verbose);
        SelfTestResult result = ProgressBar.Run("checks", progress => SelfTest.Run(device.Accelerator, Counted(checks, progress, cancellation),
            verbose ? Messages.Line : null));
        foreach (string failure in result.Failures)
            Messages.Line($"FAILED   {failure}");
        if (parsed.GetValue(_json))
            Results.Json(json =>
            {
                json.WriteNumber("passed", result.Passed);
                json.WriteNumber("failed", result.Failed);
                json.WriteNumber("skipped", result.Skipped);
                json.WriteString("device", device.Name);
            });
        else
            Results.Line($"{result.Passed} passed, {result.Failed} failed, {result.Skipped} skipped on {device.Name}");
        return result.Failed == 0 ? ExitCode.Ok : ExitCode.Failure;
    }

    static IEnumerable<Check> Counted(Check[] checks, IProgress<double> progress, CancellationToken cancellation)
    {
        for (int i = 0; i < checks.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report((double)i / checks.Length);
            yield return checks[i];
        }
    }
}
