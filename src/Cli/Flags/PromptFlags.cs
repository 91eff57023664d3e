using System.CommandLine;
using IlgpuDca.Cli.Chat;
using IlgpuDca.Evaluation;
using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Flags;

/// <summary>Whether prompts are plain texts or messages of a conversation.</summary>
sealed class PromptFlags
{
    /// <summary>The word for the template that the model brings.</summary>
    const string Own = "own";

    readonly Option<string?> _template = Flag.Text("--chat-template",
        $"Writes prompts as a user's message: {Own} (the model's), {string.Join(", ", ChatTemplate.BuiltInNames)}, or a file. Default: plain text.",
        "NAME|FILE");

    readonly Option<string?> _system = Flag.Text("--system", "The system message before it.", "TEXT", "-sys");

    public void AddTo(Command command)
    {
        command.Add(_template);
        command.Add(_system);
    }

    /// <summary>What makes ids of prompts.</summary>
    public PromptEncoder Encoder(ParseResult parsed, LoadedModel model, ModelFlags flags)
    {
        ITokenizer tokenizer = model.RequireTokenizer();
        string? system = parsed.GetValue(_system);
        if (parsed.GetValue(_template) is not { } name)
            return system is null ? new PromptEncoder(tokenizer)
                : throw new UsageException("--system needs --chat-template: a plain text has no system message.");
        return new PromptEncoder(tokenizer,
            ChatTemplateChoice.Open(name == Own ? null : name, parsed.GetValue(flags.Model), tokenizer), system);
    }
}
