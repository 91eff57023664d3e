using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>A value of a JSON file that knows its key, so that errors can name it.</summary>
/// <param name="file">As messages call it.</param>
/// <param name="key">From the root, such as <c>model.merges[3]</c>.</param>
/// <param name="element">The value.</param>
readonly struct KeyedJson(string file, string key, JsonElement element)
{
    public JsonElement Element => element;

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public bool IsText => element.ValueKind == JsonValueKind.String;

    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    /// <summary>A member of an object; null where it is absent or null.</summary>
    public KeyedJson? Optional(string name)
    {
        if (!IsObject)
            throw Expected("an object");
        return element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? new KeyedJson(file, key.Length == 0 ? name : $"{key}.{name}", value) : null;
    }

    /// <summary>A member that must be there.</summary>
    public KeyedJson Required(string name) => Optional(name) ?? throw Fault($"has no '{name}', expected one");

    public string Text() => IsText ? element.GetString()! : throw Expected("a string");

    public string? Text(string name) => Optional(name)?.Text();

    public bool Flag(string name, bool standard = false)
    {
        if (Optional(name) is not { } flag)
            return standard;
        return flag.Element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw flag.Expected("true or false"),
        };
    }

    public int Integer(int least, int most) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int number) && number >= least
            && number <= most
            ? number : throw Expected($"a whole number from {least} to {most}");

    /// <summary>The items of an array, each under its own key.</summary>
    public IEnumerable<KeyedJson> Items()
    {
        if (!IsArray)
            throw Expected("an array");
        (string file, string key) = (File, Key);
        return element.EnumerateArray().Select((item, index) => new KeyedJson(file, $"{key}[{index}]", item));
    }

    /// <summary>The items under a name; none where it is absent.</summary>
    public IEnumerable<KeyedJson> Items(string name) => Optional(name)?.Items() ?? [];

    public string File => file;

    public string Key => key;

    public ModelFormatException Expected(string what) =>
        Fault(element.ValueKind is JsonValueKind.Object or JsonValueKind.Array
        ? $"is an {element.ValueKind}, expected {what}" : $"is {Shown()}, expected {what}");

    public ModelFormatException Fault(string what) =>
        new(file, $"{(key.Length == 0 ? "the file" : ModelFormatException.Quote(key))} {what}. "
            + "Fix: download the file again, or use another kind of tokenizer file.");

    string Shown() => element.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : element.GetRawText();
}
