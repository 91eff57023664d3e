using System.CommandLine;
using IlgpuDca.Cli.Chat;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Cli.Commands;

/// <summary>A conversation with a model.</summary>
sealed class ChatCommand : ICommand
{
    /// <summary>Tokens of the context where nothing is said, as the cache is made for all of them.</summary>
    const int StandardContext = 8192;

    readonly ModelFlags _model = new($"{StandardContext}, or the trained length where that is less");
    readonly SamplingFlags _sampling = new();
    readonly Option<string?> _system = Flag.Text("--system", "The system message.", "TEXT", "-sys");
    readonly Option<string?> _template = Flag.Text("--chat-template",
        $"{string.Join(", ", ChatTemplate.BuiltInNames)}, or a file with a Jinja2 template. Default: the model's own.", "NAME|FILE");
    readonly Option<int?> _predict = Flag.Integer("--predict", "Most tokens of an answer; -1: until the context is full. Default: -1.", -1, int.MaxValue / 4, "-n");
    readonly Option<bool> _noThinking = Flag.Switch("--no-thinking", "Tell the template that the model shall not think first.");

    public Command Build()
    {
        Command command = new("chat", "A conversation: type messages, /? for help, Ctrl+D to leave.");
        _model.AddTo(command);
        _model.AddAttentionTo(command);
        _sampling.AddTo(command);
        foreach (Option option in (Option[])[_system, _template, _predict, _noThinking])
            command.Add(option);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        ChatParameters parameters = new(_sampling.Of(parsed), parsed.GetValue(_predict) ?? -1);
        using LoadedModel model = LoadedModel.Load(_model, parsed, cancellation);
        ITokenizer tokenizer = model.RequireTokenizer();
        ChatTemplate template = ChatTemplateChoice.Open(parsed.GetValue(_template), parsed.GetValue(_model.Model), tokenizer);
        int capacity = Capacity(parsed, model.Engine.Config.MaxPositionEmbeddings);
        AttentionPlan plan = model.Decide(_model, parsed, capacity);
        using TextSession session = model.Engine.Begin(plan, capacity);
        Conversation conversation = new(session, tokenizer, template, model.Engine.Config.EosIds, model.Name)
        {
            System = parsed.GetValue(_system),
            Thinks = parsed.GetValue(_noThinking) ? false : null,
        };
        bool isTerminal = !Console.IsInputRedirected;
        ChatInput input = new(Console.In, isTerminal ? Console.Error.Write : static _ => { });
        new ChatLoop(conversation, parameters, input, model.Name, template.Source, isTerminal).Run(cancellation);
        return ExitCode.Ok;
    }

    int Capacity(ParseResult parsed, int trained)
    {
        int? given = parsed.GetValue(_model.ContextSize);
        int capacity = given is > 0 and var tokens ? tokens : given == 0 ? trained : Math.Min(trained, StandardContext);
        Messages.Line($"context: {capacity} tokens (the model was trained with {trained}; --ctx-size sets it)");
        return capacity;
    }
}
