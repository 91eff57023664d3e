using System.Globalization;
using IlgpuDca.Loader;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>
/// Builds passkey prompts as token lists, so that a prompt and its answer have exactly the length asked for:
/// bos, head, filler, key, filler, question.
/// </summary>
public sealed class PasskeyPrompt : IPasskeyPrompts
{
    readonly ITokenizer _tokenizer;
    readonly int[] _head;
    readonly int[] _question;
    int[] _filler = [];

    public PasskeyPrompt(ITokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _head = tokenizer.Encode(PasskeyText.Head + "\n", addBos: false);
        _question = tokenizer.Encode(PasskeyText.Question, addBos: false);
    }

    /// <summary>The prompt of one trial.</summary>
    /// <param name="key">Five digits.</param>
    /// <param name="length">Tokens of prompt and answer together.</param>
    /// <param name="depth">Where the key stands in the filler: 0 first, 1 last.</param>
    /// <exception cref="UsageException">The length has no room for the fixed parts.</exception>
    public (int[] Prompt, int[] Answer) Build(string key, int length, double depth)
    {
        int[] keyIds = _tokenizer.Encode(PasskeyText.Fact(key) + "\n", addBos: false);
        int[] answer = _tokenizer.Encode($"{PasskeyText.Question} {key}", addBos: false)[_question.Length..];
        int[] bos = _tokenizer.BosId is { } id ? [id] : [];
        int room = length - bos.Length - _head.Length - keyIds.Length - _question.Length - answer.Length;
        if (room < 0)
            throw new UsageException($"--length {length} is too short: head, key, question and answer alone take "
                + $"{length - room} tokens.");
        int cut = (int)Math.Floor(room * depth);
        ReadOnlySpan<int> filler = Filler(room);
        int[] prompt = [.. bos, .. _head, .. filler[..cut], .. keyIds, .. filler[cut..room], .. _question];
        return (prompt, answer);
    }

    /// <summary>
    /// Five digits each; without depths trial t of N has the key at (t + 0.5)/N, with them at 0 to 1.
    /// </summary>
    public IReadOnlyList<PasskeyTrial> Trials(ulong seed, int length, int trials, int? depths)
    {
        int total = checked(trials * (depths ?? 1));
        Random random = new(HashCode(seed, length));
        string[] keys = [.. Enumerable.Range(0, total)
            .Select(_ => random.Next(100_000).ToString("00000", CultureInfo.InvariantCulture))];
        return Trials(keys, trials, depths);
    }

    /// <summary>Places given keys as the drawn ones are.</summary>
    /// <param name="keys">trials, or trials for each depth.</param>
    /// <param name="trials">Trials of the length, or of each depth.</param>
    /// <param name="depths">Depths, evenly from 0 to 1; one stands in the middle.</param>
    public static IReadOnlyList<PasskeyTrial> Trials(IReadOnlyList<string> keys, int trials, int? depths) =>
        [.. keys.Select((key, trial) => new PasskeyTrial(key,
            depths is { } steps ? Depths.Even(trial / trials, steps) : (trial + 0.5) / trials))];

    /// <summary>Unlike the framework's, the same in every process.</summary>
    static int HashCode(ulong seed, int length) => unchecked((int)(seed ^ (seed >> 32)) * 31 + length);

    /// <summary>The filler is one text, encoded once and cut by ids.</summary>
    int[] Filler(int room)
    {
        int repetitions = 1 + room / 16;
        while (_filler.Length < room)
        {
            string text = string.Concat(Enumerable.Repeat(PasskeyText.Filler + " ", repetitions));
            _filler = _tokenizer.Encode(text, addBos: false);
            repetitions *= 2;
        }
        return _filler;
    }
}
