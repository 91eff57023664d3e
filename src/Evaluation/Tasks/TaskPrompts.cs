using System.Text;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>Writes the prompts of a task.</summary>
/// <param name="encoder">Makes ids of prompts.</param>
/// <param name="format">How they are written.</param>
/// <param name="truncation">What is cut off a document that makes a prompt too long.</param>
/// <param name="limit">Most tokens of a prompt; null: any number.</param>
public sealed class TaskPrompts(PromptEncoder encoder, TaskFormat format, Truncation truncation, int? limit)
{
    /// <summary>What a shot begins with, and where an answer has gone too far.</summary>
    public const string QuestionMark = "Question:";

    /// <summary>The prompt of a question.</summary>
    /// <exception cref="ContextExceededException">It has more tokens than the limit, and nothing may be cut or cutting is not enough.</exception>
    /// <exception cref="UsageException">Examples in a format without them.</exception>
    public TaskPrompt Build(TaskQuestion question)
    {
        if (format == TaskFormat.Instruction && question.Examples.Count > 0)
            throw new UsageException($"line {question.Line}: has examples, which --format instruction has no place for: "
                + "use --format few-shot, or leave 'examples' out.");
        int[] whole = Encode(question, question.Document);
        if (whole.Length <= (limit ?? int.MaxValue))
            return new TaskPrompt(question, whole, 0);
        if (truncation == Truncation.None)
            throw new ContextExceededException($"line {question.Line}: the prompt has {whole.Length} tokens, but {limit} fit beside the "
                + "answer: raise --ctx-size, or let --truncate left or right shorten the document.");
        return Shorten(question);
    }

    /// <summary>Drops as few words as are needed, from the side that is asked for.</summary>
    TaskPrompt Shorten(TaskQuestion question)
    {
        (int Start, int End)[] words = Words(question.Document);
        int[] without = Encode(question, "");
        if (without.Length > limit)
            throw new ContextExceededException($"line {question.Line}: without its document the prompt still has {without.Length} tokens, "
                + $"but {limit} fit beside the answer: raise --ctx-size.");
        (int tooFew, int enough, int[] ids) = (0, words.Length, without);
        while (enough - tooFew > 1)
        {
            int dropped = tooFew + (enough - tooFew) / 2;
            int[] shorter = Encode(question, truncation == Truncation.Left
                ? question.Document[words[dropped].Start..]
                : question.Document[..words[^(dropped + 1)].End]);
            if (shorter.Length <= limit)
                (enough, ids) = (dropped, shorter);
            else
                tooFew = dropped;
        }
        return new TaskPrompt(question, ids, enough);
    }

    int[] Encode(TaskQuestion question, string document) => encoder.Encode(Write(question, document), "Answer:");

    string Write(TaskQuestion question, string document)
    {
        StringBuilder text = new();
        if (format == TaskFormat.Instruction)
            return text.Append("Document is as follows. ").Append(document).Append("\n\n").Append(QuestionMark).Append(' ')
                .Append(question.Question).Append("\nGive the answer directly, without an explanation.\n").ToString();
        if (document.Length > 0)
            text.Append(document).Append("\n\n");
        foreach (TaskExample example in question.Examples)
            text.Append(QuestionMark).Append(' ').Append(example.Question).Append("\nAnswer: ").Append(example.Answer).Append("\n\n");
        return text.Append(QuestionMark).Append(' ').Append(question.Question).Append('\n').ToString();
    }

    static (int Start, int End)[] Words(string text)
    {
        List<(int Start, int End)> words = [];
        for (int i = 0; i < text.Length; i++)
            if (!char.IsWhiteSpace(text[i]))
            {
                int start = i;
                while (i < text.Length && !char.IsWhiteSpace(text[i]))
                    i++;
                words.Add((start, i));
            }
        return [.. words];
    }
}
