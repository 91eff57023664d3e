using System.CommandLine;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;
using IlgpuDca.Model.Benchmarks.KernelSpeed;

namespace IlgpuDca.Cli.Commands;

/// <summary>The kernels that decide a model's speed, alone, by the device's own clock.</summary>
sealed class BenchKernelsCommand : ICommand
{
    static readonly string[] _groups = [.. Enum.GetNames<KernelGroup>().Select(name => name.ToLowerInvariant())];

    readonly ModelFlags _model = new();
    readonly Option<string?> _only = Flag.Text("--only", $"Only these, with commas between: {string.Join(", ", _groups)}.", "GROUP[,GROUP]");
    readonly Option<string?> _anchors = Flag.Text("--anchors", "What torch_anchors.py printed in the same session: shown beside, with the ratio and the target.", "FILE");
    readonly Option<bool> _markdown = Flag.Switch("--markdown", "Print a Markdown page, for bench/results.");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("kernels", "Copies, reads, products and attention in GB/s and TFLOP/s; small sizes on the CPU.");
        command.Add(_only);
        command.Add(_anchors);
        command.Add(_model.Device);
        command.Add(_markdown);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        HashSet<KernelGroup> only = Groups(parsed.GetValue(_only));
        if (parsed.GetValue(_markdown) && parsed.GetValue(_json))
            throw new UsageException("--markdown and --json both say how results are printed: leave one of them out.");
        Anchors? anchors = parsed.GetValue(_anchors) is { } file ? Anchors.Read(file) : null;
        using ComputeDevice device = ComputeDevice.Open(_model.DeviceOf(parsed));
        KernelCase[] cases = [.. KernelSuite.For(device).Where(one => only.Contains(one.Group))];
        Messages.Line($"{cases.Length} {(cases.Length == 1 ? "kernel" : "kernels")} on {device.Description}");
        List<KernelFigure> figures = ProgressBar.Run("kernels", progress => Measure(cases, device, progress, cancellation));

        KernelReport report = new(device, anchors, KernelComparison.Of(figures, anchors));
        if (parsed.GetValue(_json))
            report.WriteJson();
        else if (parsed.GetValue(_markdown))
            report.PrintMarkdown();
        else
            report.Print();
        return ExitCode.Ok;
    }

    static List<KernelFigure> Measure(KernelCase[] cases, ComputeDevice device, IProgress<double> progress, CancellationToken cancellation)
    {
        List<KernelFigure> figures = [];
        foreach (KernelCase one in cases)
        {
            cancellation.ThrowIfCancellationRequested();
            using KernelBenchmark benchmark = one.Create(device);
            figures.Add(KernelTimer.Measure(device.Stream, benchmark, cancellation));
            progress.Report((double)figures.Count / cases.Length);
        }
        return figures;
    }

    static HashSet<KernelGroup> Groups(string? names)
    {
        if (names is null)
            return [.. Enum.GetValues<KernelGroup>()];
        HashSet<KernelGroup> groups = [];
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries))
            groups.Add(_groups.Contains(name, StringComparer.Ordinal) ? Enum.Parse<KernelGroup>(name, ignoreCase: true)
                : throw new UsageException($"--only has '{name}', but takes {string.Join(", ", _groups)} with commas between."));
        return groups;
    }
}
