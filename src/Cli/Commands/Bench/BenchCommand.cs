using System.CommandLine;
using System.Diagnostics;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Benchmarks.Speed;

namespace IlgpuDca.Cli.Commands;

/// <summary>Prefill and decode in tokens per second, beside what the device's limits allow.</summary>
sealed class BenchCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly Option<string?> _shape = Flag.Word("--shape", "Sizes of this model with random weights, in place of --model.", [.. ModelShapes.Names]);
    readonly Option<int?> _layers = Flag.Integer("--layers", "Layers of the shape; fewer than the model has for a quick run.", 1, 1_024);
    readonly Option<string?> _quantization = Flag.Word("--quant", "How the shape's matrices are stored. Default: in --dtype.", [.. ModelShapes.Quantizations]);
    readonly Option<int[]> _prompts = Flag.Integers("--n-prompt", "Prompt lengths, ppN; 0: none.", 512, 0, int.MaxValue / 4, "-p");
    readonly Option<int[]> _generated = Flag.Integers("--n-gen", "Tokens to generate, tgN; 0: none.", 128, 0, int.MaxValue / 4, "-n");
    readonly Option<int[]> _depths = Flag.Integers("--depth", "Tokens that stand before; their keys and values are random.", 0, 0, int.MaxValue / 4, "-d");
    readonly Option<int?> _repetitions = Flag.Integer("--repetitions", "Timed runs of each test. Default: 5.", 1, 10_000, "-r");
    readonly Option<int?> _slice = Flag.Integer("--ubatch-size", "Tokens that pass the layers at once. Default: 8192 on a GPU, 512 on the CPU.", 1, 1 << 20, "-ub");
    readonly Option<float?> _peak = Flag.Number("--peak", "TFLOP/s of the roofline. Default: from the device's highest clock.", 1e-3f, 1e6f);
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public IEnumerable<ICommand> Subcommands => [new BenchKernelsCommand(), new BenchLoadCommand()];

    public Command Build()
    {
        Command command = new("bench", "Prefill (pp) and decode (tg) speed: mean, standard deviation, share of the roofline, time to the first token.");
        foreach (Option option in (Option[])[_shape, _layers, _quantization, _prompts, _generated, _depths, _repetitions, _slice, _peak])
            command.Add(option);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        int[] tests = [.. parsed.GetRequiredValue(_prompts).Concat(parsed.GetRequiredValue(_generated)).Where(tokens => tokens > 0)];
        if (tests.Length == 0)
            throw new UsageException("--n-prompt and --n-gen are 0, so there is nothing to measure: give one of them a number of tokens.");
        Stopwatch clock = Stopwatch.StartNew();
        using LoadedModel model = Load(parsed, cancellation);
        double loadSeconds = clock.Elapsed.TotalSeconds;
        model.RequireRoom(_model, parsed, parsed.GetRequiredValue(_depths).SelectMany(depth => tests.Select(tokens => depth + tokens)));
        DeviceLimits? limits = DeviceLimits.Of(model.Device, model.Engine.Mode);
        if (limits is not null && parsed.GetValue(_peak) is { } peak)
            limits = limits with { FlopsPerSecond = peak * 1e12 };
        BenchReport report = new(model, limits, loadSeconds);
        bool asJson = parsed.GetValue(_json);
        if (!asJson)
            report.PrintHeader();
        SpeedBenchmark benchmark = new(model.Engine, limits, parsed.GetValue(_repetitions) ?? 5, cancellation);
        foreach (int depth in parsed.GetRequiredValue(_depths))
        {
            foreach (int tokens in parsed.GetRequiredValue(_prompts))
                Measure(tokens, depth, benchmark.Prefill);
            foreach (int tokens in parsed.GetRequiredValue(_generated))
                Measure(tokens, depth, benchmark.Decode);
        }
        if (asJson)
            report.WriteJson();
        return ExitCode.Ok;

        void Measure(int tokens, int depth, Func<AttentionPlan, int, int, SpeedRow> test)
        {
            if (tokens == 0)
                return;
            AttentionPlan plan = _model.PlanOf(parsed, model.Engine.Config, depth + tokens);
            report.Add(test(plan, tokens, depth), print: !asJson);
        }
    }

    LoadedModel Load(ParseResult parsed, CancellationToken cancellation)
    {
        EngineOptions options = new()
        {
            Device = _model.DeviceOf(parsed),
            Mode = _model.ModeOf(parsed),
            SliceTokens = parsed.GetValue(_slice),
            Weights = _model.WeightsOf(parsed),
            Cache = _model.CacheOf(parsed),
            RandomLayout = ModelShapes.Layout(parsed.GetValue(_quantization))
        };
        string? shape = parsed.GetValue(_shape);
        if (shape is null && options.RandomLayout is not null)
            throw new UsageException("--quant is how the random weights of a --shape are stored: give one, or leave --quant out.");
        int? layers = parsed.GetValue(_layers);
        if (shape is null)
            return layers is null ? LoadedModel.Load(_model, parsed, options, cancellation)
                : throw new UsageException("--layers changes a --shape: give one, or leave --layers out.");
        if (parsed.GetValue(_model.Model) is not null || parsed.GetValue(_model.Tokenizer) is not null)
            throw new UsageException("--shape has random weights and no tokenizer: leave out --model and --tokenizer, or --shape.");
        ModelConfig config = ModelShapes.Find(shape);
        string name = layers is null || layers == config.Layers ? shape : $"{shape} with {layers} of {config.Layers} layers";
        if (parsed.GetValue(_quantization) is { } quantization)
            name += $" in {quantization}";
        return LoadedModel.Random(name, config with { Layers = layers ?? config.Layers }, options, cancellation);
    }
}
