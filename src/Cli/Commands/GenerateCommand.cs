using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;
using IlgpuDca.Model.Generation;

namespace IlgpuDca.Cli.Commands;

/// <summary>Continues a prompt.</summary>
sealed class GenerateCommand : ICommand
{
    const int DefaultPredict = 128;

    readonly ModelFlags _model = new();
    readonly TextFlags _text = new();
    readonly SamplingFlags _sampling = new();
    readonly Option<int?> _predict = Flag.Integer("--predict", "Tokens to generate; -1: until the context is full. Default: 128.", -1, int.MaxValue / 4, "-n");
    readonly Option<bool> _ignoreEos = Flag.Switch("--ignore-eos", "Go on when the model ends the text.");
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("generate", "Continues a prompt.");
        _text.AddTo(command);
        command.Add(_predict);
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        _sampling.AddTo(command);
        command.Add(_ignoreEos);
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        SamplingOptions sampling = _sampling.Of(parsed);
        string text = _text.Read(parsed) ?? throw new UsageException("there is no prompt: give --prompt TEXT or --file FILE.");
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        int[] prompt = model.Encode(text);
        (int predict, int capacity) = Sizes(parsed, prompt.Length, model.Engine.Config);
        AttentionPlan plan = model.Decide(_model, parsed, capacity);
        using TextSession session = model.Engine.Begin(plan, capacity);

        bool json = parsed.GetValue(_json);
        Stopwatch clock = Stopwatch.StartNew();
        ProgressBar.Run("prompt", progress =>
        {
            session.Append(prompt, new MappedProgress<int>(progress, done => (double)done / prompt.Length), cancellation);
            return prompt.Length;
        });
        session.RequireNumbers(model.Name);
        Timings timings = new(prompt.Length) { Prefill = clock.Elapsed };

        IReadOnlyCollection<int> endIds = parsed.GetValue(_ignoreEos) ? [] : model.Engine.Config.EosIds;
        StreamingDecoder decoder = model.RequireTokenizer().StartDecoding(continuesText: true);
        List<int> tokens = [];
        StringBuilder answer = new();
        bool ended = false;
        clock.Restart();
        foreach (int token in TextGenerator.Generate(session, predict, sampling, endIds, cancellation))
        {
            tokens.Add(token);
            if (tokens.Count == 1)
                timings.First = clock.Elapsed;
            ended = endIds.Contains(token);
            Show(ended ? "" : decoder.Append(token));
        }
        Show(decoder.Flush());
        timings.Decode = clock.Elapsed - timings.First;
        timings.Generated = tokens.Count;

        if (json)
            WriteJson(answer.ToString(), tokens, prompt.Length, ended, timings);
        else if (predict > 0)
            Results.Text("\n");
        timings.Print();
        return ExitCode.Ok;

        void Show(string piece)
        {
            if (json)
                answer.Append(piece);
            else if (piece.Length > 0)
                Results.Text(piece);
        }
    }

    /// <summary>How many tokens to draw, and how many the text may have in all.</summary>
    (int Predict, int Capacity) Sizes(ParseResult parsed, int prompt, ModelConfig config)
    {
        int predict = parsed.GetValue(_predict) ?? DefaultPredict;
        int? context = parsed.GetValue(_model.ContextSize);
        if (context == 0 || predict == -1)
            context = context is > 0 ? context : config.MaxPositionEmbeddings;
        if (predict == -1)
        {
            if (prompt >= context)
                throw new ContextExceededException($"the prompt has {prompt} tokens and the context {context}, so nothing can be generated: "
                    + $"shorten the prompt, or set --ctx-size above {prompt}.");
            return (context.GetValueOrDefault() - prompt, context.GetValueOrDefault());
        }
        long needed = (long)prompt + predict;
        if (needed > (context ?? int.MaxValue / 2))
            throw new ContextExceededException($"the prompt has {prompt} tokens and {predict} are to be generated, {needed} together, "
                + $"but the context is {context ?? int.MaxValue / 2}: shorten the prompt, lower --predict, or set --ctx-size {needed} or more.");
        return (predict, context ?? (int)needed);
    }

    static void WriteJson(string text, List<int> tokens, int prompt, bool ended, Timings timings) => Results.Json(json =>
    {
        json.WriteString("text", text);
        json.WriteIds("tokens", tokens);
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteString("finish_reason", ended ? "stop" : "length");
        json.WriteStartObject("timings");
        json.WriteFinite("prefill_ms", timings.Prefill.TotalMilliseconds);
        json.WriteFinite("decode_ms", timings.Decode.TotalMilliseconds);
        json.WriteFinite("prefill_tokens_per_second", timings.PrefillRate);
        json.WriteFinite("decode_tokens_per_second", timings.DecodeRate);
        json.WriteEndObject();
    });

    /// <summary>How long a text took; the first token's draw belongs to neither part.</summary>
    sealed class Timings(int prompt)
    {
        public TimeSpan Prefill { get; init; }

        public TimeSpan First { get; set; }

        public TimeSpan Decode { get; set; }

        public int Generated { get; set; }

        public double PrefillRate => prompt / Prefill.TotalSeconds;

        /// <summary>Forward passes of the decode part: the first token came from the prompt's.</summary>
        public int DecodeSteps => Math.Max(0, Generated - 1);

        public double DecodeRate => DecodeSteps == 0 ? 0 : DecodeSteps / Decode.TotalSeconds;

        public void Print()
        {
            Messages.Line(Row("prompt eval time", Prefill, prompt, "tokens"));
            if (DecodeSteps > 0)
                Messages.Line(Row("eval time", Decode, DecodeSteps, "runs"));
            Messages.Line(string.Create(CultureInfo.InvariantCulture,
                $"{"total time",16} = {(Prefill + First + Decode).TotalMilliseconds,10:0.00} ms / {prompt + Generated,5} tokens"));
        }

        static string Row(string name, TimeSpan time, int count, string unit) => string.Create(CultureInfo.InvariantCulture,
            $"{name,16} = {time.TotalMilliseconds,10:0.00} ms / {count,5} {unit,-6} "
            + $"({time.TotalMilliseconds / count,8:0.00} ms per token, {count / time.TotalSeconds,8:0.00} tokens per second)");
    }
}
