using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Chat;

/// <summary>Reads messages and commands, and answers, until the input ends.</summary>
sealed class ChatLoop(Conversation conversation, ChatParameters parameters, ChatInput input, string modelName, string template, bool isTerminal)
{
    const string Help = """
        /set parameter NAME VALUE  how answers are drawn; /show parameters has the names
        /set system TEXT           the system message
        /set think | nothink       whether the model thinks first, for templates that can switch it
        /show [info|parameters|system|template]
        /save NAME, /load NAME     the conversation, in NAME.chat.json
        /clear                     forgets the conversation
        /bye                       leaves, as Ctrl+D does
        /?                         this help
        (three quotes)             begin and end a message of several lines
        Ctrl+C stops an answer
        """;

    readonly Lock _lock = new();
    CancellationTokenSource? _answering;

    /// <summary>Runs until the input ends or /bye.</summary>
    public void Run(CancellationToken cancellation)
    {
        Interruption.Interceptor = StopAnswer;
        try
        {
            while (input.Read() is { } line)
            {
                cancellation.ThrowIfCancellationRequested();
                if (line.Trim() is "/bye" or "/exit")
                    return;
                Handle(line, cancellation);
            }
            cancellation.ThrowIfCancellationRequested();
            if (isTerminal)
                Messages.Line("");
        }
        finally
        {
            Interruption.Interceptor = null;
        }
    }

    void Handle(string line, CancellationToken cancellation)
    {
        try
        {
            if (line.StartsWith('/') && !line.Contains('\n'))
                Command(line.Trim());
            else if (line.Trim().Length > 0)
                Answer(line, cancellation);
        }
        catch (Exception exception) when (isTerminal && exception is UsageException or ContextExceededException or TemplateException)
        {
            Messages.Error(exception.Message);
        }
    }

    void Answer(string text, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_lock)
            _answering = stop;
        AnswerEnd end;
        try
        {
            end = conversation.Answer(text, parameters.Sampling, parameters.Predict, Results.Text, stop.Token);
        }
        finally
        {
            lock (_lock)
                _answering = null;
        }
        cancellation.ThrowIfCancellationRequested();
        Results.Text("\n");
        if (end == AnswerEnd.ContextFull)
            throw new ContextExceededException($"the answer was cut: the conversation fills the context of {conversation.Capacity} tokens "
                + $"({conversation.Length} are in the cache): set a larger --ctx-size, or /clear the conversation.");
        if (end == AnswerEnd.Limit && isTerminal)
            Messages.Line($"(cut after {parameters.Predict} tokens: /set parameter num_predict changes that)");
    }

    /// <summary>True where there was an answer to stop.</summary>
    bool StopAnswer()
    {
        lock (_lock)
        {
            _answering?.Cancel();
            return _answering is not null;
        }
    }

    void Command(string line)
    {
        string[] words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string rest = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "/?" or "/help":
                Messages.Line(Help);
                break;
            case "/clear":
                conversation.Clear();
                Messages.Line("the conversation is empty");
                break;
            case "/set":
                Set(rest);
                break;
            case "/show":
                Show(rest);
                break;
            case "/save":
                Messages.Line($"saved as {ChatFile.Save(NameIn(rest, "/save"), conversation)}");
                break;
            case "/load":
                Messages.Line($"loaded {ChatFile.Load(NameIn(rest, "/load"), conversation)}: {conversation.Messages.Count} messages");
                break;
            default:
                throw new UsageException($"there is no command '{words[0]}': /? lists them.");
        }
    }

    void Set(string rest)
    {
        string[] words = rest.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["parameter", var name, var value]:
                parameters.Set(name, value.Trim());
                break;
            case ["system", ..]:
                string text = rest["system".Length..].Trim().Trim('"');
                conversation.System = text.Length > 0 ? text : null;
                break;
            case ["think" or "nothink"]:
                conversation.Thinks = words[0] == "think";
                break;
            default:
                throw new UsageException("/set takes 'parameter NAME VALUE', 'system TEXT', 'think' or 'nothink'.");
        }
    }

    void Show(string what) => Messages.Line(what switch
    {
        "" or "info" => $"{modelName}: {conversation.Messages.Count} messages, {conversation.Length} of {conversation.Capacity} tokens in the cache",
        "parameters" => parameters.Describe(),
        "system" => conversation.System ?? "(no system message)",
        "template" => template,
        _ => throw new UsageException("/show takes info, parameters, system or template."),
    });

    static string NameIn(string rest, string command) =>
        rest.Length > 0 ? rest : throw new UsageException($"{command} takes a name.");
}
