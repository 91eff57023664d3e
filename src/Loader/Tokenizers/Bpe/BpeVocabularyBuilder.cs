using System.Text;

namespace IlgpuDca.Loader;

/// <summary>Gathers and checks the tokens and merges of a BPE vocabulary.</summary>
/// <param name="isByteLevel">Whether tokens are written in <see cref="ByteAlphabet"/>; otherwise as they are.</param>
/// <param name="fault">Makes the error about a key: <see cref="TokensKey"/>, MergesKey or AddedKey.</param>
sealed class BpeVocabularyBuilder(bool isByteLevel, Func<string, string, ModelFormatException> fault)
{
    public const string TokensKey = "model.vocab", MergesKey = "model.merges", AddedKey = "added_tokens";

    /// <summary>Ids are below this; the largest published vocabulary has 262,144.</summary>
    public const int MostTokens = 1 << 20;

    readonly List<Token> _tokens = [];
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly Dictionary<string, AddedToken> _added = new(StringComparer.Ordinal);
    readonly Dictionary<ulong, ulong> _merges = [];
    int _mergeCount;

    /// <summary>Whether all merges leave a space at a word's start: nothing merges across it.</summary>
    bool _cutsBeforeSpace = true;

    /// <summary>Adds a token of the model's own vocabulary.</summary>
    public void Add(int id, string text)
    {
        if (text.Length == 0)
            throw fault(TokensKey, $"has an empty token with the id {id}, expected text");
        byte[] bytes = isByteLevel ? ByteAlphabet.Bytes(text) ?? Encoding.UTF8.GetBytes(text)
            : SentencePieceData.ByteOf(text) is { } value ? [value]
            : Encoding.UTF8.GetBytes(text.Replace(SentencePieceVocabulary.Space, ' '));
        TokenKind kind = !isByteLevel && SentencePieceData.ByteOf(text) is not null ? TokenKind.Byte : TokenKind.Normal;
        Place(id, new Token(text, kind, bytes), TokensKey);
        if (!_ids.TryAdd(text, id))
            throw fault(TokensKey, $"has {ModelFormatException.Quote(text)} twice, once is legal");
    }

    /// <summary>Adds an id that has no use.</summary>
    public void AddUnused(int id, string text) =>
        Place(id, new Token(text, TokenKind.Unused, Encoding.UTF8.GetBytes(text)), TokensKey);

    /// <summary>Adds an added token, which may be in the vocabulary already, under the same id.</summary>
    public void AddAdded(AddedToken token)
    {
        string shown = ModelFormatException.Quote(token.Text);
        if (token.Text.Length == 0)
            throw fault(AddedKey, $"has an empty token with the id {token.Id}, expected text");
        if (_ids.TryGetValue(token.Text, out int known) && known != token.Id)
            throw fault(AddedKey, $"has {shown} with the id {token.Id}, but '{TokensKey}' has it with {known}");
        if (!_added.TryAdd(token.Text, token))
            throw fault(AddedKey, $"has {shown} twice, once is legal");
        var placed = new Token(token.Text, token.IsControl ? TokenKind.Control : TokenKind.UserDefined,
            token.IsControl ? [] : Encoding.UTF8.GetBytes(token.Text));
        if (_ids.ContainsKey(token.Text))
            _tokens[token.Id] = placed;
        else
            Place(token.Id, placed, AddedKey);
        _ids[token.Text] = token.Id;
    }

    /// <summary>
    /// Adds a merge, written as two tokens with a space between; the earlier added, the earlier done.
    /// </summary>
    public void AddMerge(string pair)
    {
        int space = pair.Length < 2 ? -1 : pair.IndexOf(' ', 1);
        if (space < 0 || space + 1 == pair.Length)
            throw fault(MergesKey, $"has entry {_mergeCount}, {ModelFormatException.Quote(pair)}, "
                + "expected two tokens with a space between");
        AddMerge(pair[..space], pair[(space + 1)..]);
    }

    /// <summary>Adds a merge of two tokens into the token that is written as both.</summary>
    public void AddMerge(string left, string right)
    {
        int leftId = Part(left), rightId = Part(right), wholeId = Part(left + right);
        _merges[BpeMerges.Key(leftId, rightId)] = (ulong)_mergeCount << 32 | (uint)wholeId;
        string whole = left + right;
        for (int i = 1; i < whole.Length; i++)
            _cutsBeforeSpace &= whole[i] != SentencePieceVocabulary.Space
                || whole[i - 1] == SentencePieceVocabulary.Space;
        _mergeCount++;
    }

    /// <summary>The id of a token, or null.</summary>
    public int? Find(string text) => _ids.TryGetValue(text, out int id) ? id : null;

    /// <summary>Checks that every text can be encoded.</summary>
    /// <param name="ignoresMerges">Whether a word that is a token is never merged from parts.</param>
    /// <param name="unknown">The id of what has no token, or null.</param>
    /// <param name="fusesUnknown">Whether neighbours without a token become one id.</param>
    /// <param name="hasByteFallback">Whether a character without a token becomes its bytes' tokens.</param>
    public BpeVocabulary Build(bool ignoresMerges, int? unknown = null, bool fusesUnknown = false,
        bool hasByteFallback = false)
    {
        if (_ids.Count == 0)
            throw fault(TokensKey, "has no tokens, expected some");
        int[] byteIds = new int[256];
        for (int value = 0; value < byteIds.Length; value++)
        {
            string text = isByteLevel ? $"{ByteAlphabet.CharacterOf((byte)value)}" : $"<0x{value:X2}>";
            bool isNeeded = isByteLevel || hasByteFallback;
            byteIds[value] = isNeeded ? Find(text)
                ?? throw fault(TokensKey, $"has no token '{text}', expected one for each byte") : -1;
        }
        if (!isByteLevel && !hasByteFallback && unknown is null)
            throw fault(TokensKey, "has neither byte tokens nor an unknown token, so not every text can be encoded");
        return new BpeVocabulary([.. _tokens], [.. _added.Values], new BpeMerges(_merges), byteIds, isByteLevel,
            Words(ignoresMerges), unknown, fusesUnknown, hasByteFallback)
        {
            CutsBeforeSpace = !isByteLevel && !ignoresMerges && _cutsBeforeSpace,
        };
    }

    /// <summary>The ids of words (and of single characters) by their text.</summary>
    Dictionary<string, int> Words(bool ignoresMerges)
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        if (isByteLevel && !ignoresMerges)
            return words;
        foreach ((string text, int id) in _ids)
        {
            if (_tokens[id].Kind is TokenKind.Normal)
                words.TryAdd(isByteLevel ? Encoding.UTF8.GetString(_tokens[id].Bytes) : text, id);
        }
        return words;
    }

    void Place(int id, Token token, string key)
    {
        if (id is < 0 or >= MostTokens)
            throw fault(key,
                $"gives {ModelFormatException.Quote(token.Text)} the id {id}, expected 0 to {MostTokens - 1}");
        while (_tokens.Count <= id)
            _tokens.Add(new Token("", TokenKind.Unused, []));
        if (_tokens[id].Text.Length > 0)
            throw fault(key, $"gives the id {id} to {ModelFormatException.Quote(token.Text)} and to "
                + $"{ModelFormatException.Quote(_tokens[id].Text)}, expected one token an id");
        _tokens[id] = token;
    }

    int Part(string text) => Find(text)
        ?? throw fault(MergesKey, $"names in entry {_mergeCount} {ModelFormatException.Quote(text)}, "
            + $"which is no token of '{TokensKey}'");
}
