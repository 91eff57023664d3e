using System.CommandLine;
using System.Globalization;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Commands;

/// <summary>Writes a model as GGUF: <c>convert</c> keeps its precision by default, <c>quantize</c> makes it small.</summary>
sealed class ConvertCommand : ICommand
{
    readonly string _name, _description;
    readonly TensorType _standard;
    readonly Option<string?> _model = Flag.Text("--model", "A folder with config.json and safetensors, or a .gguf file.", "PATH", "-m");
    readonly Option<string?> _output = Flag.Text("--output", "The .gguf file to write.", "FILE", "-o");
    readonly Option<string?> _type;
    readonly Option<bool> _force = Flag.Switch("--force", "Replace the file where there is one.");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    ConvertCommand(string name, string description, TensorType standard)
    {
        (_name, _description, _standard) = (name, description, standard);
        _type = Flag.Word("--type", $"What matrices are written as. Default: {Word(standard)}.", [.. GgufConversion.Types.Select(Word)]);
    }

    public static ConvertCommand Convert => new("convert", "Write a Hugging Face model as a GGUF file.", TensorType.BF16);

    public static ConvertCommand Quantize => new("quantize", "Write a model as a GGUF file with quantised matrices.", TensorType.Q4_K);

    public Command Build()
    {
        Command command = new(_name, _description);
        foreach (Option option in (Option[])[_model, _output, _type, _force, _json])
            command.Add(option);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string model = parsed.GetValue(_model) ?? throw new UsageException("there is no model: give --model PATH.");
        string output = parsed.GetValue(_output) ?? throw new UsageException("there is no place to write to: give --output FILE.");
        TensorType type = GgufConversion.Types.FirstOrDefault(type => Word(type) == parsed.GetValue(_type), _standard);
        ModelSource source = ModelSource.FromPath(model);
        using LlamaFiles files = LlamaFiles.Open(source);
        CheckOutput(files, output, parsed.GetValue(_force));
        try
        {
            ProgressBar.Run(_name, progress =>
            {
                GgufConversion.Write(source, files, type, output, progress, cancellation);
                return true;
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"{output}: can't be written: {exception.Message}");
        }
        long bytes = new FileInfo(output).Length;
        if (parsed.GetValue(_json))
            Results.Json(json =>
            {
                json.WriteString("file", output);
                json.WriteString("type", Word(type));
                json.WriteNumber("bytes", bytes);
                json.WriteNumber("source_bytes", files.Weights.TotalBytes);
            });
        else
            Results.Line(string.Create(CultureInfo.InvariantCulture,
                $"{output}: {bytes / 1e6:0.0} MB as {Word(type)}, from {files.Weights.TotalBytes / 1e6:0.0} MB"));
        return ExitCode.Ok;
    }

    static void CheckOutput(LlamaFiles model, string output, bool force)
    {
        if (!output.EndsWith(GgufFile.Ending, StringComparison.Ordinal))
            throw new UsageException($"--output is '{output}', but must end with {GgufFile.Ending}.");
        if (Directory.Exists(output))
            throw new UsageException($"--output is '{output}', a folder: give the name of a file.");
        OutputFile.MustSpare("--output", output, model.Weights.Tensors.Values.Select(tensor => tensor.File).Distinct());
        OutputFile.MustBeEmpty("--output", output, force);
    }

    static string Word(TensorType type) => type.ToString().ToLowerInvariant();
}
