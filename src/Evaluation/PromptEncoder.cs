using IlgpuDca.Loader;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Turns what is asked into ids: a plain text that the model continues, or the user's message of a conversation whose answer the
/// prompt begins already.
/// </summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="template">How conversations are written; null: a plain text.</param>
/// <param name="system">The system's message, or null; needs a template.</param>
public sealed class PromptEncoder(ITokenizer tokenizer, ChatTemplate? template = null, string? system = null)
{
    /// <summary>The ids of a prompt.</summary>
    /// <param name="message">What is asked.</param>
    /// <param name="opening">What the answer begins with, in a plain text right after the message.</param>
    public int[] Encode(string message, string opening)
    {
        string text = Write(message, opening);
        return tokenizer.Encode(text, AddsBos(text), template is not null);
    }

    /// <summary>The ids of a prompt and of an answer that continues it.</summary>
    /// <param name="message">What is asked.</param>
    /// <param name="opening">What the answer begins with.</param>
    /// <param name="answer">How it goes on, with the space between.</param>
    public (int[] Prompt, int[] Answer) Encode(string message, string opening, string answer)
    {
        string text = Write(message, opening);
        return Continuation.Encode(tokenizer, text, answer, AddsBos(text), template is not null);
    }

    string Write(string message, string opening)
    {
        if (template is null)
            return message + opening;
        IEnumerable<ChatMessage> asked = [new ChatMessage("user", message.TrimEnd())];
        string rendered = template.Render(system is null ? asked : asked.Prepend(new ChatMessage("system", system)));
        string begun = opening.TrimStart();
        return begun.Length == 0 || char.IsWhiteSpace(rendered[^1]) ? rendered + begun : $"{rendered} {begun}";
    }

    /// <summary>Most templates write bos themselves.</summary>
    bool AddsBos(string text) => tokenizer.AddsBos
        && !(template is not null && tokenizer.BosId is { } bos && text.StartsWith(tokenizer.PieceText(bos), StringComparison.Ordinal));
}
