using System.CommandLine;
using System.Globalization;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Evaluation;

namespace IlgpuDca.Cli.Commands;

/// <summary>Prefill and decode in tokens per second.</summary>
sealed class BenchCommand : ICommand
{
    readonly ModelFlags _model = new();
    readonly Option<int[]?> _prompts = Flag.Integers("--n-prompt", "Prompt lengths, ppN; 0: none. Default: 512.", 0, int.MaxValue / 4, "-p");
    readonly Option<int[]?> _generated = Flag.Integers("--n-gen", "Tokens to generate, tgN; 0: none. Default: 128.", 0, int.MaxValue / 4, "-n");
    readonly Option<int[]?> _depths = Flag.Integers("--depth", "Tokens that stand before. Default: 0.", 0, int.MaxValue / 4, "-d");
    readonly Option<int?> _repetitions = Flag.Integer("--repetitions", "Timed runs of each test. Default: 5.", 1, 10_000, "-r");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("bench", "Prefill (pp) and decode (tg) speed: mean and standard deviation.");
        command.Add(_prompts);
        command.Add(_generated);
        command.Add(_depths);
        command.Add(_repetitions);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        int repetitions = parsed.GetValue(_repetitions) ?? 5;
        bool asJson = parsed.GetValue(_json);
        string attention = "";
        List<BenchmarkSeries> series = [];
        foreach (int depth in parsed.GetValue(_depths) ?? [0])
        {
            foreach (int tokens in parsed.GetValue(_prompts) ?? [512])
                Measure(tokens, depth, Benchmark.Prefill);
            foreach (int tokens in parsed.GetValue(_generated) ?? [128])
                Measure(tokens, depth, Benchmark.Decode);
        }
        if (asJson)
            WriteJson(series, model, attention, repetitions);
        return ExitCode.Ok;

        void Measure(int tokens, int depth, Func<Engine, AttentionPlan, int, int, int, CancellationToken, BenchmarkSeries> test)
        {
            if (tokens == 0)
                return;
            if (parsed.GetValue(_model.ContextSize) is > 0 and var context && depth + tokens > context)
                throw new ContextExceededException($"a depth of {depth} and {tokens} tokens are {depth + tokens}, but --ctx-size is {context}: raise it.");
            AttentionPlan plan = AttentionPlan.Decide(model.Engine.Config, _model.AttentionOf(parsed), depth + tokens);
            attention = plan.Name;
            BenchmarkSeries measured = test(model.Engine, plan, tokens, depth, repetitions, cancellation);
            series.Add(measured);
            if (!asJson)
                Results.Line(string.Create(CultureInfo.InvariantCulture,
                    $"{measured.Test,-18} {measured.Mean,10:0.00} ± {measured.Deviation:0.00} tok/s  ({plan.Name})"));
        }
    }

    static void WriteJson(List<BenchmarkSeries> series, LoadedModel model, string attention, int repetitions) => Results.Json(json =>
    {
        json.WriteString("model", model.Name);
        json.WriteString("device", model.Device.Description);
        json.WriteString("dtype", LoadedModel.ModeName(model.Engine.Mode));
        json.WriteString("attention", attention);
        json.WriteNumber("repetitions", repetitions);
        json.WriteStartArray("results");
        foreach (BenchmarkSeries row in series)
        {
            json.WriteStartObject();
            json.WriteString("test", row.Test);
            json.WriteFinite("tokens_per_second", row.Mean);
            json.WriteFinite("deviation", row.Deviation);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
