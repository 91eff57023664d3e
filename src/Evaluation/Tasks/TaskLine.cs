using System.Text.Json;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>The keys of a JSON object, with errors that say where it stands.</summary>
readonly struct TaskLine
{
    readonly JsonElement _element;
    readonly string _place;

    public TaskLine(JsonElement element, string place)
    {
        (_element, _place) = (element, place);
        if (element.ValueKind != JsonValueKind.Object)
            throw new UsageException($"{place}: is {Kind(element)}, but must be an object. Fix: write {{\"document\": ..., \"question\": ...}}.");
    }

    /// <summary>A string that must be there.</summary>
    public string Text(string key) => OptionalText(key)
        ?? throw new UsageException($"{_place}: '{key}' is missing. Fix: give it a string.");

    /// <summary>A string, or null where the key is missing.</summary>
    public string? OptionalText(string key)
    {
        if (!_element.TryGetProperty(key, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(key, value, "a string");
    }

    /// <summary>An array of strings that must be there.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (!_element.TryGetProperty(key, out JsonElement array))
            throw new UsageException($"{_place}: '{key}' is missing. Fix: give it an array of strings.");
        if (array.ValueKind != JsonValueKind.Array)
            throw Wrong(key, array, "an array of strings");
        List<string> texts = [];
        foreach (JsonElement value in array.EnumerateArray())
            texts.Add(value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong($"{key}[{texts.Count}]", value, "a string"));
        return texts;
    }

    /// <summary>An array of objects; empty where the key is missing.</summary>
    public IReadOnlyList<TaskLine> Objects(string key)
    {
        if (!_element.TryGetProperty(key, out JsonElement array))
            return [];
        if (array.ValueKind != JsonValueKind.Array)
            throw Wrong(key, array, "an array of objects");
        string place = _place;
        return [.. array.EnumerateArray().Select((value, i) => new TaskLine(value, $"{place}, '{key}[{i}]'"))];
    }

    UsageException Wrong(string key, JsonElement value, string expected) =>
        new($"{_place}: '{key}' is {Kind(value)}, but must be {expected}. Fix: change it.");

    static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
