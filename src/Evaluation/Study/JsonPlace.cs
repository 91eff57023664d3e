using System.Text.Json;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation.Study;

/// <summary>A value of a JSON file and where it stands, so that what is wrong with it can be told.</summary>
/// <param name="File">The file, for messages.</param>
/// <param name="Path">"tasks[0].trials"; empty for the whole.</param>
/// <param name="Value">The value.</param>
readonly record struct JsonPlace(string File, string Path, JsonElement Value)
{
    /// <summary>A sentence about this place.</summary>
    public UsageException Wrong(string sentence) => new($"{File}: {(Path.Length == 0 ? "the file" : Path)} {sentence}");

    /// <summary>Refuses what is no object, or has keys besides these.</summary>
    public void RequireKeys(params string[] known)
    {
        if (Value.ValueKind != JsonValueKind.Object)
            throw Wrong($"is {Kind}, but must be an object with {string.Join(", ", known)}.");
        HashSet<string> seen = [];
        foreach (JsonProperty property in Value.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal))
                throw this[property].Wrong($"is unknown: the keys here are {string.Join(", ", known)}. Fix: leave it out or correct it.");
            if (!seen.Add(property.Name))
                throw this[property].Wrong("stands there twice. Fix: leave one out.");
        }
    }

    /// <summary>A member; null where it is absent.</summary>
    public JsonPlace? Find(string key) => Value.TryGetProperty(key, out JsonElement value) ? new JsonPlace(File, Below(key), value) : null;

    /// <summary>A member that must be there.</summary>
    public JsonPlace Require(string key, string what) => Find(key) ?? throw new UsageException($"{File}: {Below(key)} is missing: give {what}.");

    /// <summary>The members of an object by name.</summary>
    public IEnumerable<(string Name, JsonPlace Place)> Members()
    {
        if (Value.ValueKind != JsonValueKind.Object)
            throw Wrong($"is {Kind}, but must be an object.");
        JsonPlace place = this;
        return Value.EnumerateObject().Select(property => (property.Name, place[property]));
    }

    /// <summary>The elements of an array with at least one.</summary>
    public IReadOnlyList<JsonPlace> Elements()
    {
        if (Value.ValueKind != JsonValueKind.Array)
            throw Wrong($"is {Kind}, but must be a list.");
        JsonPlace place = this;
        JsonPlace[] elements = [.. Value.EnumerateArray().Select((value, i) => new JsonPlace(place.File, $"{place.Path}[{i}]", value))];
        return elements.Length > 0 ? elements : throw Wrong("is an empty list. Fix: name at least one, or leave the key out where it may be.");
    }

    /// <summary>A text that is not empty.</summary>
    public string Text() => Value.ValueKind != JsonValueKind.String ? throw Wrong($"is {Kind}, but must be a string.")
        : Value.GetString() is { Length: > 0 } text ? text : throw Wrong("is empty. Fix: give it a value.");

    /// <summary>One of some words.</summary>
    public string Word(params string[] words)
    {
        string text = Text();
        return words.Contains(text, StringComparer.Ordinal) ? text : throw Wrong($"is '{text}', but must be one of {string.Join(", ", words)}.");
    }

    /// <summary>A whole number from a least value on.</summary>
    public int Integer(int least)
    {
        if (Value.ValueKind != JsonValueKind.Number)
            throw Wrong($"is {Kind}, but must be a whole number.");
        const int Most = int.MaxValue / 4;
        return Value.TryGetInt32(out int number) && number >= least && number <= Most ? number
            : throw Wrong($"is {Value.GetRawText()}, but must be a whole number from {least} to {Most}.");
    }

    string Kind => Value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"the string '{Value.GetString()}'",
        JsonValueKind.Number => $"the number {Value.GetRawText()}",
        JsonValueKind.Null => "null",
        _ => Value.GetRawText(),
    };

    JsonPlace this[JsonProperty property] => new(File, Below(property.Name), property.Value);

    string Below(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}
