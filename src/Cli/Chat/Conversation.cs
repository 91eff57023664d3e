using System.Text;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;
using IlgpuDca.Model;
using IlgpuDca.Model.Generation;

namespace IlgpuDca.Cli.Chat;

/// <summary>A conversation whose tokens stay in the cache: each turn appends only what is new.</summary>
/// <param name="session">Empty; stays the caller's.</param>
/// <param name="tokenizer">The model's.</param>
/// <param name="template">Writes the conversation.</param>
/// <param name="configEnds">Ids that end a text by the model's config.</param>
/// <param name="model">How messages call the model.</param>
sealed class Conversation(TextSession session, ITokenizer tokenizer, ChatTemplate template, IEnumerable<int> configEnds, string model = "the model")
{
    readonly int[] _endIds = [.. configEnds.Concat(tokenizer.EndIds).Distinct()];

    /// <summary>The tokens whose keys and values are in the cache.</summary>
    readonly List<int> _cached = [];

    /// <summary>What was read and answered last, as text and as tokens without the one that ended it.</summary>
    string _saidText = "";
    int[] _said = [];

    /// <summary>Without the system message.</summary>
    public List<ChatMessage> Messages { get; } = [];

    /// <summary>The system message, or null.</summary>
    public string? System { get; set; }

    /// <summary>Whether the model thinks, for templates that can switch it; null: as the template has it.</summary>
    public bool? Thinks { get; set; }

    /// <summary>Tokens in the cache.</summary>
    public int Length => _cached.Count;

    /// <summary>Tokens that fit.</summary>
    public int Capacity => session.Capacity;

    /// <summary>Answers a message. The message and what was answered are remembered, also when it is cancelled.</summary>
    /// <param name="text">The user's message.</param>
    /// <param name="sampling">How tokens are drawn.</param>
    /// <param name="predict">Most tokens of the answer; -1: until the context is full.</param>
    /// <param name="show">Gets the answer piece by piece.</param>
    /// <param name="cancellation">Stops reading or answering.</param>
    /// <returns>Why the answer ended.</returns>
    /// <exception cref="ContextExceededException">The message does not fit; nothing was remembered.</exception>
    public AnswerEnd Answer(string text, SamplingOptions sampling, int predict, Action<string> show, CancellationToken cancellation)
    {
        Messages.Add(new ChatMessage("user", text));
        string rendered;
        int[] ids;
        try
        {
            rendered = Render();
            ids = Encode(rendered);
            if (ids.Length >= Capacity)
                throw new ContextExceededException($"the conversation with this message has {ids.Length} tokens, and the context of {Capacity} "
                    + "must also hold the answer: set a larger --ctx-size, or /clear the conversation.");
        }
        catch
        {
            Messages.RemoveAt(Messages.Count - 1);
            throw;
        }
        if (!Read(ids, cancellation))
        {
            Messages.RemoveAt(Messages.Count - 1);
            return AnswerEnd.Cancelled;
        }
        return Generate(rendered, ids, sampling, predict, show, cancellation);
    }

    /// <summary>Forgets all messages but the system's.</summary>
    public void Clear() => Messages.Clear();

    string Render()
    {
        IEnumerable<ChatMessage> system = System is null ? [] : [new ChatMessage("system", System)];
        ChatTemplateOptions options = new();
        if (Thinks is { } thinks)
            options = options with { Switches = new Dictionary<string, bool> { ["enable_thinking"] = thinks } };
        return template.Render(system.Concat(Messages), options);
    }

    /// <summary>
    /// The tokens drawn stand for themselves where a control token follows them: their text could also be cut otherwise.
    /// </summary>
    int[] Encode(string rendered)
    {
        if (_said.Length > 0 && rendered.Length > _saidText.Length && rendered.StartsWith(_saidText, StringComparison.Ordinal))
        {
            int[] rest = tokenizer.Encode(rendered[_saidText.Length..], addBos: false, parseSpecial: true);
            if (tokenizer.IsControl(rest[0]))
                return [.. _said, .. rest];
        }
        bool hasBos = tokenizer.BosId is { } bos && rendered.StartsWith(tokenizer.PieceText(bos), StringComparison.Ordinal);
        return tokenizer.Encode(rendered, addBos: tokenizer.AddsBos && !hasBos, parseSpecial: true);
    }

    /// <summary>Appends what the cache does not hold; false where it was cancelled.</summary>
    bool Read(int[] ids, CancellationToken cancellation)
    {
        int common = _cached.Zip(ids).TakeWhile(pair => pair.First == pair.Second).Count();
        // The last token is read again where all are there, as its logits are needed.
        common = Math.Min(common, ids.Length - 1);
        if (common < _cached.Count)
            Cli.Messages.Line($"the conversation is written otherwise than before: {_cached.Count - common} of {_cached.Count} tokens in the cache "
                + $"are dropped, {ids.Length - common} read");
        session.Truncate(common);
        try
        {
            session.Append(ids.AsSpan(common), cancellation: cancellation);
        }
        catch (OperationCanceledException)
        {
            Keep(ids, session.Length);
            return false;
        }
        session.RequireNumbers(model);
        Keep(ids, ids.Length);
        return true;
    }

    AnswerEnd Generate(string rendered, int[] ids, SamplingOptions sampling, int predict, Action<string> show, CancellationToken cancellation)
    {
        // The last token drawn needs no place in the cache.
        int room = Capacity - ids.Length + 1;
        int most = predict < 0 ? room : Math.Min(predict, room);
        StreamingDecoder decoder = tokenizer.StartDecoding(continuesText: true);
        StringBuilder answer = new();
        List<int> drawn = [];
        AnswerEnd end = most == room ? AnswerEnd.ContextFull : AnswerEnd.Limit;
        try
        {
            foreach (int token in TextGenerator.Generate(session, most, sampling, _endIds, cancellation))
            {
                if (_endIds.Contains(token))
                {
                    end = AnswerEnd.Complete;
                    break;
                }
                drawn.Add(token);
                Show(decoder.Append(token));
            }
        }
        catch (OperationCanceledException)
        {
            end = AnswerEnd.Cancelled;
        }
        Show(decoder.Flush());
        _said = [.. ids, .. drawn];
        _saidText = rendered + answer;
        Keep(_said, Math.Min(session.Length, _said.Length));
        Messages.Add(new ChatMessage("assistant", answer.ToString()));
        return end;

        void Show(string piece)
        {
            answer.Append(piece);
            if (piece.Length > 0)
                show(piece);
        }
    }

    void Keep(int[] ids, int count)
    {
        _cached.Clear();
        _cached.AddRange(ids.AsSpan(0, count));
    }
}
