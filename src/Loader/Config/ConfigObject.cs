using System.Globalization;
using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>One JSON object of config.json, read key by key with bounds. A null counts as an absent key.</summary>
/// <param name="file">How messages call the file.</param>
/// <param name="element">The object.</param>
/// <param name="path">Where it stands, ending with a dot; empty for the root.</param>
/// <param name="names">How messages call keys that were translated from another format.</param>
sealed class ConfigObject(string file, JsonElement element, string path = "", ConfigNames? names = null)
{
    /// <summary>Whether the key is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>A whole number; required unless there is a default.</summary>
    public int Integer(string key, int least, int most, int? absent = null)
    {
        if (Find(key) is not { } value)
            return absent ?? throw Missing(key, $"a whole number from {least} to {most}");
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            && number >= least && number <= most
            ? number
            : throw Fault(key, $"is {Shown(value)}, expected a whole number from {least} to {most}");
    }

    /// <summary>A finite number; required unless there is a default.</summary>
    public double Number(string key, double least, double most, double? absent = null)
    {
        if (Find(key) is not { } value)
            return absent ?? throw Missing(key, $"a number from {Text(least)} to {Text(most)}");
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && number >= least && number <= most
            ? number
            : throw Fault(key, $"is {Shown(value)}, expected a number from {Text(least)} to {Text(most)}");
    }

    /// <summary>true or false.</summary>
    public bool Flag(string key, bool absent) => Find(key) is not { } value ? absent : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault(key, $"is {Shown(value)}, expected true or false"),
    };

    /// <summary>A string, or null when absent.</summary>
    public string? Text(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Fault(key, $"is {Shown(value)}, expected a string");

    /// <summary>An object, or null when absent.</summary>
    public ConfigObject? Object(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new ConfigObject(file, value, $"{path}{key}.", names)
        : throw Fault(key, $"is {Shown(value)}, expected an object");

    /// <summary>The objects that an object holds; none when absent.</summary>
    public IEnumerable<ConfigObject> Objects(string key, int most)
    {
        if (Object(key) is null)
            return [];
        string[] names = [.. Find(key)!.Value.EnumerateObject().Select(property => property.Name)];
        if (names.Length > most)
            throw Fault(key, $"has {names.Length} entries, expected at most {most}");
        ConfigObject parent = Object(key)!;
        return names.Select(name => parent.Object(name)).OfType<ConfigObject>();
    }

    /// <summary>The strings of an array; empty when absent.</summary>
    public string[] Texts(string key, int most) =>
        Items(key, most, item => item.ValueKind == JsonValueKind.String ? item.GetString()!
            : throw Fault(key, $"holds {Shown(item)}, expected strings"));

    /// <summary>The whole numbers of an array, or a single one; empty when absent.</summary>
    public int[] Integers(string key, int mostItems, int least, int most)
    {
        if (Find(key) is { ValueKind: not JsonValueKind.Array })
            return [Integer(key, least, most)];
        return Items(key, mostItems, item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number)
            && number >= least && number <= most
                ? number
                : throw Fault(key, $"holds {Shown(item)}, expected whole numbers from {least} to {most}"));
    }

    /// <summary>The error about a key: <c>'key' what.</c></summary>
    public ModelFormatException Fault(string key, string what) =>
        new(file, $"{Named(key)} {what}. "
            + $"Fix: {names?.Fix ?? "correct config.json, or use a model of a supported kind"}.");

    T[] Items<T>(string key, int most, Func<JsonElement, T> read)
    {
        if (Find(key) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            throw Fault(key, $"is {Shown(value)}, expected an array");
        if (value.GetArrayLength() > most)
            throw Fault(key, $"has {value.GetArrayLength()} entries, expected at most {most}");
        return [.. value.EnumerateArray().Select(read)];
    }

    JsonElement? Find(string key) =>
        element.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    ModelFormatException Missing(string key, string expected) =>
        new(file, $"has no {Named(key)}, expected {expected}. "
            + $"Fix: {names?.Fix ?? "use the config.json that came with the weights"}.");

    string Named(string key) => $"'{names?.Of(path + key) ?? path + key}'";

    static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    static string Shown(JsonElement value)
    {
        string text = value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
            ? $"a JSON {value.ValueKind}" : value.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "…";
    }
}
