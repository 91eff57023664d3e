using System.CommandLine;
using System.Globalization;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Benchmarks.Loading;
using IlgpuDca.Model.Benchmarks.Speed;

namespace IlgpuDca.Cli.Commands;

/// <summary>How fast weights come onto the device, beside what one page-locked copy reaches.</summary>
sealed class BenchLoadCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly Option<string?> _shape = Flag.Word("--shape", "Files of this model's sizes, written for the measurement, in place of --model.", [.. ModelShapes.Names]);
    readonly Option<int?> _layers = Flag.Integer("--layers", "Layers of the shape; fewer for smaller files.", 1, 1_024);
    readonly Option<string?> _workFolder = Flag.Text("--work-folder", "Where a shape's files are written for the time being. Default: the folder for temporary files.", "FOLDER");
    readonly Option<int?> _threads = Flag.Integer("--threads", "Threads that copy. Default: one for each core, up to 12.", 1, 256);
    readonly Option<int?> _repetitions = Flag.Integer("--repetitions", "Loads after the first. Default: 5.", 1, 10_000, "-r");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("load", "Loading of weights in GB/s, beside one page-locked copy.");
        foreach (Option option in (Option[])[_shape, _layers, _workFolder, _threads, _repetitions, _model.Model, _model.Device, _model.DType, _json])
            command.Add(option);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        EngineOptions options = new() { Device = _model.DeviceOf(parsed), Mode = _model.ModeOf(parsed), LoadThreads = parsed.GetValue(_threads), Weights = _model.WeightsOf(parsed) };
        using ComputeDevice device = ComputeDevice.Open(options.Device);
        if (parsed.GetValue(_shape) is not { } shape)
        {
            if (parsed.GetValue(_layers) is not null || parsed.GetValue(_workFolder) is not null)
                throw new UsageException("--layers and --work-folder belong to a --shape: give one, or leave them out.");
            Measure(parsed, device, LoadedModel.Source(parsed.GetValue(_model.Model)), options, cancellation);
            return ExitCode.Ok;
        }
        if (parsed.GetValue(_model.Model) is not null)
            throw new UsageException("--shape and --model both say what is loaded: leave one of them out.");
        ModelConfig config = ModelShapes.Find(shape);
        config = config with { Layers = parsed.GetValue(_layers) ?? config.Layers };
        DirectoryInfo folder = MakeFolder(parsed.GetValue(_workFolder));
        try
        {
            ProgressBar.Run("writing", progress =>
            {
                Write(folder.FullName, config, progress, cancellation);
                return folder;
            });
            Measure(parsed, device, ModelSource.FromFolder(folder.FullName), options, cancellation);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return ExitCode.Ok;
    }

    void Measure(ParseResult parsed, ComputeDevice device, ModelSource source, EngineOptions options, CancellationToken cancellation)
    {
        LoadFigure figure = LoadBenchmark.Measure(device, source, options, parsed.GetValue(_repetitions) ?? 5, cancellation);
        if (parsed.GetValue(_json))
            Results.Json(json =>
            {
                json.WriteString("device", device.Identity);
                json.WriteString("version", Cli.Build.Version);
                json.WriteNumber("bytes", figure.Bytes);
                json.WriteFinite("first_seconds", figure.FirstSeconds);
                json.WriteFinite("bytes_per_second", figure.BytesPerSecond);
                json.WriteFinite("deviation", figure.Deviation);
                json.WriteFinite("pinned_bytes_per_second", figure.PinnedBytesPerSecond);
                json.WriteFinite("share", figure.Share);
            });
        else
            Results.Line(string.Create(CultureInfo.InvariantCulture,
                $"{Engine.Bytes(figure.Bytes)}: {figure.BytesPerSecond / 1e9:0.00} ± {figure.Deviation / 1e9:0.00} GB/s, {figure.Share:0.0 %} of a page-locked copy's "
                + $"{figure.PinnedBytesPerSecond / 1e9:0.00} GB/s; first load {figure.FirstSeconds:0.00} s"));
    }

    static void Write(string folder, ModelConfig config, IProgress<double> progress, CancellationToken cancellation)
    {
        try
        {
            RandomModelFiles.Write(folder, config, progress, cancellation);
        }
        catch (IOException exception)
        {
            throw new OutputException($"the shape's files can't be written: {exception.Message}. "
                + "Fix: give a --work-folder with room for them, or fewer --layers.");
        }
    }

    static DirectoryInfo MakeFolder(string? parent)
    {
        if (parent is null)
            return Directory.CreateTempSubdirectory("ilgpudca-");
        try
        {
            return Directory.CreateDirectory(Path.Combine(parent, $"ilgpudca-{Guid.NewGuid():n}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--work-folder {parent}: {exception.Message} Fix: give a folder that can be written.");
        }
    }
}
