using System.Text;

namespace IlgpuDca.Loader;

/// <summary>What all tokenizers share: added tokens, the ids that begin and end texts, decoding.</summary>
public abstract class Tokenizer : ITokenizer
{
    /// <summary>Spellings that end an answer in published models, where they are control tokens.</summary>
    static readonly string[] s_endSpellings =
    [
        "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>", "<|end|>", "<end_of_turn>",
    ];

    readonly Token[] _tokens;
    readonly AddedTokens _added;
    readonly TokenRoles _roles;
    readonly int[] _endIds;

    /// <param name="tokens">By id.</param>
    /// <param name="added">Found before anything else.</param>
    /// <param name="roles">The ids with a part to play.</param>
    internal Tokenizer(Token[] tokens, IReadOnlyCollection<AddedToken> added, TokenRoles roles)
    {
        (_tokens, _roles, _added) = (tokens, roles, new AddedTokens(added));
        IEnumerable<int> known = s_endSpellings.Select(_added.Find).OfType<int>().Where(IsControl);
        IEnumerable<int> own = roles.Eos is { } eos ? [eos] : [];
        _endIds = [.. own.Concat(roles.OtherEnds).Concat(known).Distinct()];
    }

    /// <inheritdoc/>
    public int VocabularySize => _tokens.Length;

    /// <inheritdoc/>
    public int? BosId => _roles.Bos;

    /// <inheritdoc/>
    public int? EosId => _roles.Eos;

    /// <inheritdoc/>
    public int? UnkId => _roles.Unknown;

    /// <inheritdoc/>
    public bool AddsBos => _roles.AddsBos && BosId is not null;

    /// <inheritdoc/>
    public IReadOnlyCollection<int> EndIds => _endIds;

    /// <inheritdoc/>
    public bool IsControl(int id) => _tokens[id].Kind == TokenKind.Control;

    /// <inheritdoc/>
    public int? FindSpecial(string text) => _added.Find(text);

    /// <inheritdoc/>
    public string PieceText(int id) => _tokens[id].Text;

    /// <inheritdoc/>
    public int[] Encode(string text, bool addBos, bool parseSpecial = false)
    {
        var ids = new List<int>(text.Length / 3 + 8);
        if (addBos)
            ids.Add(BosId
                ?? throw new InvalidOperationException("The tokenizer has no bos piece. Fix: encode without bos."));
        text = Surrogates.Repair(text);
        int start = 0;
        while (_added.Next(text, start, parseSpecial) is { } match)
        {
            if (match.Start > start)
                EncodeSection(text[start..match.Start], isFirst: start == 0, ids);
            ids.Add(match.Id);
            start = match.End;
        }
        if (start < text.Length)
            EncodeSection(start == 0 ? text : text[start..], isFirst: start == 0, ids);
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        StreamingDecoder decoder = StartDecoding(continuesText: false);
        var text = new StringBuilder();
        foreach (int id in ids)
            text.Append(decoder.Append(id));
        return text.Append(decoder.Flush()).ToString();
    }

    /// <inheritdoc/>
    public abstract StreamingDecoder StartDecoding(bool continuesText);

    /// <summary>A decoder over this vocabulary.</summary>
    internal StreamingDecoder Decoder(bool dropsLeadingSpace, bool replacesEachByte) =>
        new TokenDecoder(_tokens, dropsLeadingSpace, replacesEachByte);

    /// <summary>Adds the ids of a stretch of text between added tokens.</summary>
    /// <param name="text">Not empty, without half surrogate pairs.</param>
    /// <param name="isFirst">Whether nothing of the text comes before it.</param>
    /// <param name="ids">Where to.</param>
    private protected abstract void EncodeSection(string text, bool isFirst, List<int> ids);
}
