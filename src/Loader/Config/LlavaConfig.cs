using System.Buffers;
using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>
/// The config of a Llava model, of which the text decoder is run: its <c>text_config</c> becomes the root. A nested config holds only
/// what differs from its class, so Mistral's own values stand in for absent keys.
/// </summary>
static class LlavaConfig
{
    /// <summary>The entry of architectures.</summary>
    public const string ClassName = "LlavaForConditionalGeneration";

    const string TextConfig = "text_config";

    /// <summary>What the Mistral class of the transformers library has where a config is silent.</summary>
    static readonly (string Key, string Json)[] Defaults =
    [
        ("vocab_size", "32000"), ("hidden_size", "4096"), ("intermediate_size", "14336"), ("num_hidden_layers", "32"), ("num_attention_heads", "32"),
        ("num_key_value_heads", "8"), ("hidden_act", "\"silu\""), ("max_position_embeddings", "131072"), ("rms_norm_eps", "1e-6"),
        ("sliding_window", "4096"), ("bos_token_id", "1"), ("eos_token_id", "2"),
    ];

    /// <summary>Keys that hold for the whole model where they stand outside.</summary>
    static readonly string[] Outer =
        ["tie_word_embeddings", "bos_token_id", "eos_token_id", "dtype", "torch_dtype", "quantization_config", "dual_chunk_attention_config"];

    /// <summary>Whether the root is of such a model.</summary>
    public static bool Is(JsonElement root) =>
        root.TryGetProperty("architectures", out JsonElement named) && named.ValueKind == JsonValueKind.Array && named.GetArrayLength() > 0
        && named[0].ValueKind == JsonValueKind.String && named[0].ValueEquals(ClassName);

    /// <summary>The text decoder's config, and where its keys stand in the file; throws <see cref="ModelFormatException"/>.</summary>
    /// <param name="file">How messages call the file.</param>
    /// <param name="root">Of config.json.</param>
    public static (byte[] Json, ConfigNames Names) Flatten(string file, JsonElement root)
    {
        ConfigObject whole = new(file, root);
        ConfigObject text = whole.Object(TextConfig) ?? throw whole.Fault(TextConfig, "is missing, expected the config of the text decoder");
        if (text.Text("model_type") is var type and not "mistral")
            throw text.Fault("model_type", $"is {ModelFormatException.Quote(type ?? "absent")}, expected 'mistral'");

        Dictionary<string, string> names = new(StringComparer.Ordinal);
        Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);
        foreach (JsonProperty property in root.GetProperty(TextConfig).EnumerateObject())
            Add(property.Name, property.Value, $"{TextConfig}.{property.Name}");
        foreach (string key in Outer)
        {
            if (root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                Add(key, value, key);
        }

        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            foreach ((string key, JsonElement value) in values)
            {
                writer.WritePropertyName(key);
                value.WriteTo(writer);
            }
            foreach ((string key, string standard) in Defaults)
            {
                names.TryAdd(key, $"{TextConfig}.{key}");
                if (values.ContainsKey(key))
                    continue;
                writer.WritePropertyName(key);
                writer.WriteRawValue(standard);
            }
            writer.WriteEndObject();
        }
        return (json.WrittenSpan.ToArray(), new ConfigNames(names, "correct config.json, or use a model of a supported kind"));

        void Add(string key, JsonElement value, string name)
        {
            if (key != "architectures")
                (values[key], names[key]) = (value, name);
        }
    }
}
