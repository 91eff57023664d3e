using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Builds passkey prompts as token lists, so that a prompt and its answer have exactly the length asked for:
/// bos, head, filler, key, filler, question.
/// </summary>
public sealed class PasskeyPrompt
{
    const string Head = "There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. "
        + "I will quiz you about the important information there.\n";

    const string Question = "What is the pass key? The pass key is";
    const string FillerSentence = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again. ";

    readonly ITokenizer _tokenizer;
    readonly int[] _head;
    readonly int[] _question;
    int[] _filler = [];

    public PasskeyPrompt(ITokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _head = tokenizer.Encode(Head, addBos: false);
        _question = tokenizer.Encode(Question, addBos: false);
    }

    /// <summary>The prompt of one trial.</summary>
    /// <param name="key">Five digits.</param>
    /// <param name="length">Tokens of prompt and answer together.</param>
    /// <param name="depth">Where the key stands in the filler: 0 first, 1 last.</param>
    /// <exception cref="UsageException">The length has no room for the fixed parts.</exception>
    public (int[] Prompt, int[] Answer) Build(string key, int length, double depth)
    {
        int[] keyIds = _tokenizer.Encode($"The pass key is {key}. Remember it. {key} is the pass key.\n", addBos: false);
        int[] answer = _tokenizer.Encode($"{Question} {key}", addBos: false)[_question.Length..];
        int[] bos = _tokenizer.BosId is { } id ? [id] : [];
        int room = length - bos.Length - _head.Length - keyIds.Length - _question.Length - answer.Length;
        if (room < 0)
            throw new UsageException($"--length {length} is too short: head, key, question and answer alone take {length - room} tokens.");
        int cut = (int)Math.Floor(room * depth);
        ReadOnlySpan<int> filler = Filler(room);
        int[] prompt = [.. bos, .. _head, .. filler[..cut], .. keyIds, .. filler[cut..room], .. _question];
        return (prompt, answer);
    }

    /// <summary>The filler is one text, encoded once and cut by ids.</summary>
    int[] Filler(int room)
    {
        int repetitions = 1 + room / 16;
        while (_filler.Length < room)
        {
            _filler = _tokenizer.Encode(string.Concat(Enumerable.Repeat(FillerSentence, repetitions)), addBos: false);
            repetitions *= 2;
        }
        return _filler;
    }
}
