using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Hides facts in a text and cuts it so that text, question and answer have exactly the length asked for: bos, text with facts
/// between its sentences, question.
/// </summary>
public sealed class HaystackPrompts
{
    /// <summary>How far back a sentence's end is looked for, in tokens; where there is none, a fact stands inside a sentence.</summary>
    const int LongestSentence = 256;

    /// <summary>Any sentence: what follows it is encoded as it is in the middle of a text.</summary>
    const string Sentence = "Yes.";

    readonly ITokenizer _tokenizer;
    readonly int[] _text;
    readonly bool[] _endsSentence;

    /// <summary>Encodes the text.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="text">The haystack; null: the filler of passkey retrieval.</param>
    /// <exception cref="UsageException">An empty text.</exception>
    public HaystackPrompts(ITokenizer tokenizer, string? text = null)
    {
        _tokenizer = tokenizer;
        _text = tokenizer.Encode(text ?? PasskeyText.Filler + " ", addBos: false);
        if (_text.Length == 0)
            throw new UsageException("the haystack is empty: give --file a text.");
        _endsSentence = [.. _text.Select(EndsSentence)];
    }

    /// <summary>Tokens of the text; where a prompt needs more it is repeated.</summary>
    public int Tokens => _text.Length;

    /// <summary>The prompt of one trial.</summary>
    /// <param name="needles">At least one. The first stands at the depth, the others evenly between it and the end.</param>
    /// <param name="distractors">Facts that are not asked for, evenly over the whole text.</param>
    /// <param name="length">Tokens of text, longest question and answer together.</param>
    /// <param name="depth">0 first, 1 last; facts stand at the sentence's end before it.</param>
    /// <param name="start">A token of the text: the sentence that it stands in begins the prompt.</param>
    /// <exception cref="UsageException">The length has no room for facts, question and answer.</exception>
    public RetrievalPrompt Build(IReadOnlyList<Needle> needles, IReadOnlyList<string> distractors, int length, double depth, int start = 0)
    {
        RetrievalQuestion[] questions = [.. needles.Select(Question)];
        int[] bos = _tokenizer.BosId is { } id ? [id] : [];
        IEnumerable<(double Depth, int[] Ids)> facts =
        [
            .. distractors.Select((fact, i) => ((i + 0.5) / distractors.Count, Fact(fact))),
            .. needles.Select((needle, i) => (depth + (1 - depth) * i / needles.Count, Fact(needle.Fact))),
        ];
        (double Depth, int[] Ids)[] ordered = [.. facts.OrderBy(fact => fact.Depth)];
        int room = length - bos.Length - ordered.Sum(fact => fact.Ids.Length) - questions.Max(question => question.Length);
        if (room < 0)
            throw new UsageException($"--length {length} is too short: facts, question and answer alone take {length - room} tokens.");

        int first = SentenceEnd(start, start);
        List<int> text = [.. bos];
        int read = 0;
        foreach ((double place, int[] ids) in ordered)
        {
            int wanted = (int)Math.Floor(room * place);
            int cut = wanted == room ? room : Math.Max(read, SentenceEnd(first + wanted, wanted - read) - first);
            Take(text, first + read, cut - read);
            text.AddRange(ids);
            read = cut;
        }
        Take(text, first + read, room - read);
        return new RetrievalPrompt([.. text], questions);
    }

    void Take(List<int> into, int from, int count)
    {
        for (int i = 0; i < count; i++)
            into.Add(_text[(from + i) % _text.Length]);
    }

    /// <summary>The last place at or before one that a sentence ends at; the place itself where there is none near.</summary>
    int SentenceEnd(int place, int most)
    {
        for (int back = 0; back <= Math.Min(most, LongestSentence); back++)
            if (place == back || _endsSentence[(place - back - 1) % _text.Length])
                return place - back;
        return place;
    }

    /// <summary>The ids of a fact where it follows a sentence.</summary>
    int[] Fact(string fact) => Continuation.Encode(_tokenizer, Sentence, $" {fact}", addBos: false).Answer;

    RetrievalQuestion Question(Needle needle)
    {
        int before = _tokenizer.Encode(Sentence, addBos: false).Length;
        (int[] question, int[] answer) = Answer(needle.Answer);
        return new RetrievalQuestion(question[before..], answer, [.. needle.Wrong.Select(wrong => Answer(wrong).Answer)]);

        (int[] Question, int[] Answer) Answer(string answer) =>
            Continuation.Encode(_tokenizer, $"{Sentence} {needle.Question}", $" {answer}", addBos: false);
    }

    bool EndsSentence(int id)
    {
        string piece = _tokenizer.PieceText(id).TrimEnd('▁', 'Ġ', ' ');
        return piece.Length > 0 && piece[^1] is '.' or '!' or '?' or '\n' or 'Ċ' || piece == "<0x0A>";
    }
}
