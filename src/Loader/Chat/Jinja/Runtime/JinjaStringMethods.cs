namespace IlgpuDca.Loader;

/// <summary>The methods of strings, as Python has them.</summary>
static class JinjaStringMethods
{
    /// <summary>A method bound to its text; null where there is none of that name.</summary>
    public static JinjaFunction? Find(string text, string name) => name switch
    {
        "strip" => new JinjaFunction(call => Strip(text, call, left: true, right: true)),
        "lstrip" => new JinjaFunction(call => Strip(text, call, left: true, right: false)),
        "rstrip" => new JinjaFunction(call => Strip(text, call, left: false, right: true)),
        "split" => new JinjaFunction(call => Split(text, call, fromEnd: false)),
        "rsplit" => new JinjaFunction(call => Split(text, call, fromEnd: true)),
        "splitlines" => new JinjaFunction(_ => SplitLines(text)),
        "startswith" => new JinjaFunction(call =>
            HasEnd(text, call, static (whole, part) => whole.StartsWith(part, StringComparison.Ordinal))),
        "endswith" => new JinjaFunction(call =>
            HasEnd(text, call, static (whole, part) => whole.EndsWith(part, StringComparison.Ordinal))),
        "replace" => new JinjaFunction(call => Replace(text, call)),
        "upper" => new JinjaFunction(_ => text.ToUpperInvariant()),
        "lower" => new JinjaFunction(_ => text.ToLowerInvariant()),
        "title" => new JinjaFunction(_ => Title(text)),
        "capitalize" => new JinjaFunction(_ => Capitalize(text)),
        "find" => new JinjaFunction(call => (long)text.IndexOf(call.NeedText(0, "sub"), StringComparison.Ordinal)),
        "count" => new JinjaFunction(call => (long)(text.Split(call.NeedText(0, "sub")).Length - 1)),
        "join" => new JinjaFunction(call => Join(text, call)),
        "isdigit" => new JinjaFunction(_ => text.Length > 0 && text.All(char.IsDigit)),
        "isalpha" => new JinjaFunction(_ => text.Length > 0 && text.All(char.IsLetter)),
        "removeprefix" => new JinjaFunction(call => call.NeedText(0, "prefix") is var prefix
            && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text),
        "removesuffix" => new JinjaFunction(call => call.NeedText(0, "suffix") is var suffix
            && text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text),
        _ => null,
    };

    /// <summary>The first letter large, all others small.</summary>
    public static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    /// <summary>The first letter of each word large.</summary>
    public static string Title(string text)
    {
        char[] letters = text.ToLowerInvariant().ToCharArray();
        for (int i = 0; i < letters.Length; i++)
        {
            if (i == 0 || !char.IsLetter(letters[i - 1]))
                letters[i] = char.ToUpperInvariant(letters[i]);
        }
        return new string(letters);
    }

    static string Strip(string text, JinjaCallValues call, bool left, bool right)
    {
        char[]? characters = call.Text(0, "chars")?.ToCharArray();
        text = left ? text.TrimStart(characters) : text;
        return right ? text.TrimEnd(characters) : text;
    }

    static List<object?> Split(string text, JinjaCallValues call, bool fromEnd)
    {
        string? separator = call.Text(0, "sep");
        int most = call.Integer(1, "maxsplit", -1);
        if (separator is { Length: 0 })
            throw call.Fault("needs a separator that is not empty.");
        string[] parts = separator is null
            ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : text.Split(separator);
        call.Run.Take(text.Length);
        if (most < 0 || parts.Length <= most + 1)
            return [.. parts];
        string joint = separator ?? " ";
        return fromEnd
            ? [string.Join(joint, parts[..^most]), .. parts[^most..]]
            : [.. parts[..most], string.Join(joint, parts[most..])];
    }

    static List<object?> SplitLines(string text)
    {
        List<object?> lines = [.. text.ReplaceLineEndings("\n").Split('\n')];
        if (lines[^1] is "")
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    static bool HasEnd(string text, JinjaCallValues call, Func<string, string, bool> has) => call.Need(0, "part") switch
    {
        string part => has(text, part),
        List<object?> parts => parts.OfType<string>().Any(part => has(text, part)),
        var other => throw call.Fault($"needs text, found {JinjaValues.TypeName(other)}."),
    };

    static string Replace(string text, JinjaCallValues call)
    {
        string old = call.NeedText(0, "old"), fresh = call.NeedText(1, "new");
        int most = call.Integer(2, "count", -1);
        if (old.Length == 0)
            throw call.Fault("needs text to replace that is not empty.");
        string[] parts = text.Split(old);
        call.Run.Take(text.Length + (long)parts.Length * fresh.Length);
        if (most < 0 || parts.Length <= most + 1)
            return string.Join(fresh, parts);
        return string.Join(fresh, [.. parts[..most], string.Join(old, parts[most..])]);
    }

    static string Join(string separator, JinjaCallValues call)
    {
        string[] parts =
            [.. JinjaValues.Items(call.Need(0, "iterable"), call.Run).Select(item => JinjaValues.Text(item, call.Run))];
        call.Run.Take(parts.Sum(part => (long)part.Length + separator.Length));
        return string.Join(separator, parts);
    }
}
