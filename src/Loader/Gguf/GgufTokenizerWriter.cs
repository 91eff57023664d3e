using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>Writes the tokenizer of a Hugging Face model as GGUF's metadata.</summary>
/// <param name="writer">Where to.</param>
/// <param name="source">Where tokenizer.model or tokenizer.json, and tokenizer_config.json, lie.</param>
/// <param name="architecture">Of the model; it tells the pattern that cuts texts for byte-level BPE.</param>
sealed class GgufTokenizerWriter(GgufWriter writer, ModelSource source, string architecture)
{
    const string Json = "tokenizer.json", ConfigJson = "tokenizer_config.json";
    const int LargestFile = 64 << 20;
    const int MostTokens = 1 << 22;

    /// <summary>Throws <see cref="ModelFormatException"/> where there is none, or one of another kind.</summary>
    public void Write()
    {
        if (source.ModelFile is null && source.Has(SentencePieceTokenizer.FileName))
            WriteSentencePiece();
        else if (source.ModelFile is null && source.Has(Json))
            Read(Json, WriteByteLevel);
        else
            throw new ModelFormatException(source.Name, $"has neither {SentencePieceTokenizer.FileName} nor {Json}, "
                + "and a GGUF file holds its tokenizer. Fix: put the tokenizer into the model's folder.");
        if (source.Has(ConfigJson))
            Read(ConfigJson, root =>
            {
                if (Property(root, "chat_template") is { } template)
                    writer.Set("tokenizer.chat_template", template);
            });
    }

    void WriteSentencePiece()
    {
        using FileBytes file = source.Open(SentencePieceTokenizer.FileName);
        SentencePieceModel model = SentencePieceModel.Read(file);
        writer.Set("tokenizer.ggml.model", "llama");
        writer.Set("tokenizer.ggml.pre", "default");
        writer.Set("tokenizer.ggml.tokens", [.. model.Pieces.Select(piece => piece.Text)]);
        writer.Set("tokenizer.ggml.scores", [.. model.Pieces.Select(piece => piece.Score)]);
        writer.Set("tokenizer.ggml.token_type", [.. model.Pieces.Select(piece => (int)piece.Kind)]);
        if (model.BosId >= 0)
            writer.Set("tokenizer.ggml.bos_token_id", (uint)model.BosId);
        if (model.EosId >= 0)
            writer.Set("tokenizer.ggml.eos_token_id", (uint)model.EosId);
        if (model.Pieces.FindIndex(piece => piece.Kind == TokenKind.Unknown) is >= 0 and var unknown)
            writer.Set("tokenizer.ggml.unknown_token_id", (uint)unknown);
        writer.Set("tokenizer.ggml.add_bos_token", true);
        writer.Set("tokenizer.ggml.add_eos_token", false);
        writer.Set("tokenizer.ggml.add_space_prefix", model.AddDummyPrefix);
    }

    void WriteByteLevel(JsonElement root)
    {
        string file = source.NameOf(Json);
        if (!root.TryGetProperty("model", out JsonElement model) || Property(model, "type") != "BPE"
            || !model.TryGetProperty("vocab", out JsonElement vocabulary)
            || vocabulary.ValueKind != JsonValueKind.Object || IsTrue(model, "byte_fallback"))
            throw new ModelFormatException(file, "is no byte-level BPE tokenizer ('model.type' BPE with 'vocab', "
                + $"no 'byte_fallback'). Fix: put the model's {SentencePieceTokenizer.FileName} beside it.");
        var tokens = new SortedDictionary<int, (string Text, TokenKind Kind)>();
        foreach (JsonProperty token in vocabulary.EnumerateObject())
            tokens[Id(file, token.Value)] = (token.Name, TokenKind.Normal);
        if (root.TryGetProperty("added_tokens", out JsonElement added) && added.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement token in added.EnumerateArray())
            {
                tokens[Id(file, Member(token, "id"))] = (Property(token, "content") ?? "",
                    IsTrue(token, "special") ? TokenKind.Control : TokenKind.UserDefined);
            }
        }
        int count = tokens.Count == 0 ? 0 : tokens.Keys.Last() + 1;
        // Ids without a token are filled up, as every id needs an entry.
        (string Text, TokenKind Kind)[] all = [.. Enumerable.Range(0, count)
            .Select(id => tokens.TryGetValue(id, out var token) ? token : ($"[PAD{id}]", TokenKind.Unused))];
        writer.Set("tokenizer.ggml.model", "gpt2");
        writer.Set("tokenizer.ggml.pre", architecture == "llama" ? "llama-bpe" : "qwen2");
        writer.Set("tokenizer.ggml.tokens", [.. all.Select(token => token.Text)]);
        writer.Set("tokenizer.ggml.token_type", [.. all.Select(token => (int)token.Kind)]);
        writer.Set("tokenizer.ggml.merges", Merges(file, model));
        Read(ModelConfig.FileName, config =>
        {
            SetId("bos_token_id", config);
            SetId("eos_token_id", config);
        });
        writer.Set("tokenizer.ggml.add_bos_token", architecture == "llama");
    }

    /// <summary>The first where config.json has several.</summary>
    void SetId(string key, JsonElement config)
    {
        if (!config.TryGetProperty(key, out JsonElement id))
            return;
        if (id.ValueKind == JsonValueKind.Array && id.GetArrayLength() > 0)
        {
            // Instruction models end an answer with one id and a text with another.
            if (id.GetArrayLength() > 1 && key == "eos_token_id")
                SetNumber("tokenizer.ggml.eot_token_id", id[1]);
            id = id[0];
        }
        SetNumber($"tokenizer.ggml.{key}", id);
    }

    void SetNumber(string key, JsonElement id)
    {
        if (id.ValueKind == JsonValueKind.Number && id.TryGetUInt32(out uint number))
            writer.Set(key, number);
    }

    static string[] Merges(string file, JsonElement model)
    {
        if (!model.TryGetProperty("merges", out JsonElement merges) || merges.ValueKind != JsonValueKind.Array)
            throw new ModelFormatException(file,
                "has no 'model.merges', expected an array. Fix: download the file again.");
        return [.. merges.EnumerateArray().Select(merge => merge.ValueKind switch
        {
            JsonValueKind.String => merge.GetString()!,
            JsonValueKind.Array when merge.GetArrayLength() == 2 => $"{merge[0]} {merge[1]}",
            _ => throw new ModelFormatException(file,
                "has an entry of 'model.merges' that is no pair of tokens. Fix: download the file again."),
        })];
    }

    static int Id(string file, JsonElement id) =>
        id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out int number) && number is >= 0 and < MostTokens
            ? number
            : throw new ModelFormatException(file,
                $"has the token id {id}, expected 0 to {MostTokens - 1}. Fix: download the file again.");

    static bool IsTrue(JsonElement of, string key) => Member(of, key).ValueKind == JsonValueKind.True;

    static string? Property(JsonElement of, string key) =>
        Member(of, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Undefined where it is not there.</summary>
    static JsonElement Member(JsonElement of, string key) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(key, out JsonElement value) ? value : default;

    void Read(string name, Action<JsonElement> read)
    {
        using FileBytes file = source.Open(name);
        using JsonDocument document = StrictJson.Parse(file.Name, file.ToArray(LargestFile));
        StrictJson.Guard(file.Name, () =>
        {
            read(document.RootElement);
            return true;
        });
    }
}
