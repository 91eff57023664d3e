using System.Globalization;

namespace IlgpuDca.Loader;

/// <summary>What can stand behind a bar.</summary>
static class JinjaFilters
{
    public static IReadOnlyDictionary<string, Func<object?, JinjaCallValues, object?>> All { get; } =
        new Dictionary<string, Func<object?, JinjaCallValues, object?>>(StringComparer.Ordinal)
        {
            ["trim"] = (value, call) => Text(value, call).Trim(call.Text(0, "chars")?.ToCharArray()),
            ["upper"] = (value, call) => Text(value, call).ToUpperInvariant(),
            ["lower"] = (value, call) => Text(value, call).ToLowerInvariant(),
            ["title"] = (value, call) => JinjaStringMethods.Title(Text(value, call)),
            ["capitalize"] = (value, call) => JinjaStringMethods.Capitalize(Text(value, call)),
            ["string"] = (value, call) => Text(value, call),
            ["safe"] = (value, _) => value,
            ["e"] = Escape,
            ["escape"] = Escape,
            ["int"] = (value, call) => Whole(value) ?? call.Get(0, "default", 0L),
            ["float"] = (value, call) => Fraction(value) ?? call.Get(0, "default", 0.0),
            ["abs"] = (value, call) => value switch
            {
                long number and > long.MinValue => Math.Abs(number),
                double number => Math.Abs(number),
                _ => throw call.Fault($"needs a number, found {JinjaValues.TypeName(value)}."),
            },
            ["length"] = (value, call) => Length(value, call),
            ["count"] = (value, call) => Length(value, call),
            ["default"] = Default,
            ["d"] = Default,
            ["replace"] = (value, call) => JinjaStringMethods.Find(Text(value, call), "replace")!.Call(call),
            ["join"] = Join,
            ["list"] = (value, call) => Items(value, call),
            ["items"] = (value, call) => value switch
            {
                JinjaMap map => map.Pairs(),
                JinjaUndefined => new List<object?>(),
                _ => throw call.Fault($"needs a mapping, found {JinjaValues.TypeName(value)}."),
            },
            ["dictsort"] = (value, call) => value is JinjaMap map
                ? map.Pairs().OrderBy(pair => (string)((List<object?>)pair!)[0]!,
                    StringComparer.OrdinalIgnoreCase).ToList()
                : throw call.Fault($"needs a mapping, found {JinjaValues.TypeName(value)}."),
            ["first"] = (value, call) => Items(value, call) is [var first, ..] ? first : new JinjaUndefined("first"),
            ["last"] = (value, call) => Items(value, call) is [.., var last] ? last : new JinjaUndefined("last"),
            ["reverse"] = (value, call) => value is string text
                ? string.Concat(text.EnumerateRunes().Reverse()) : Enumerable.Reverse(Items(value, call)).ToList(),
            ["sort"] = (value, call) => Items(value, call)
                .Order(Comparer<object?>.Create((a, b) => JinjaValues.Compare(a, b, call.Run))).ToList(),
            ["unique"] = Unique,
            ["sum"] = (value, call) => Items(value, call)
                .Aggregate((object?)0L, (sum, item) => JinjaArithmetic.Apply("+", sum, item, call.Run)),
            ["min"] = (value, call) =>
                Items(value, call).Aggregate((a, b) => JinjaValues.Compare(a, b, call.Run) <= 0 ? a : b),
            ["max"] = (value, call) =>
                Items(value, call).Aggregate((a, b) => JinjaValues.Compare(a, b, call.Run) >= 0 ? a : b),
            ["map"] = JinjaSelection.Map,
            ["select"] = (value, call) => JinjaSelection.Select(value, call, keeps: true, byAttribute: false),
            ["reject"] = (value, call) => JinjaSelection.Select(value, call, keeps: false, byAttribute: false),
            ["selectattr"] = (value, call) => JinjaSelection.Select(value, call, keeps: true, byAttribute: true),
            ["rejectattr"] = (value, call) => JinjaSelection.Select(value, call, keeps: false, byAttribute: true),
            ["tojson"] = (value, call) => JinjaJson.Write(value,
                call.Get(0, "indent") is long indent ? (int)Math.Clamp(indent, 0, 64) : null, call.Run),
            ["indent"] = Indent,
        };

    /// <summary>The items of a value, in a list of their own.</summary>
    public static List<object?> Items(object? value, JinjaCallValues call)
    {
        List<object?> items = [.. JinjaValues.Items(value, call.Run)];
        call.Run.Take(items.Count);
        return items;
    }

    static string Text(object? value, JinjaCallValues call)
    {
        string text = JinjaValues.Text(value, call.Run);
        call.Run.Take(text.Length);
        return text;
    }

    static long Length(object? value, JinjaCallValues call) => value switch
    {
        string text => text.Length,
        List<object?> list => list.Count,
        JinjaMap map => map.Count,
        JinjaUndefined => 0,
        _ => throw call.Fault($"needs something with a length, found {JinjaValues.TypeName(value)}."),
    };

    static object? Default(object? value, JinjaCallValues call) => value is JinjaUndefined
        || JinjaValues.IsTrue(call.Get(1, "boolean", false)) && !JinjaValues.IsTrue(value)
            ? call.Get(0, "default_value", "") : value;

    static object? Join(object? value, JinjaCallValues call)
    {
        List<object?> items = Items(value, call);
        if (call.Text(1, "attribute") is { } attribute)
            items = [.. items.Select(item => JinjaMembers.Attribute(item, attribute, call.Run))];
        string separator = call.Text(0, "d") ?? "";
        string[] parts = [.. items.Select(item => JinjaValues.Text(item, call.Run))];
        call.Run.Take(parts.Sum(part => (long)part.Length + separator.Length));
        return string.Join(separator, parts);
    }

    static object? Unique(object? value, JinjaCallValues call)
    {
        List<object?> unique = [];
        foreach (object? item in JinjaValues.Items(value, call.Run))
        {
            if (!unique.Exists(known => JinjaValues.AreEqual(known, item, call.Run)))
                unique.Add(item);
        }
        return unique;
    }

    static object? Indent(object? value, JinjaCallValues call)
    {
        string space = new(' ', Math.Clamp(call.Integer(0, "width", 4), 0, 64));
        bool first = JinjaValues.IsTrue(call.Get(1, "first", false));
        bool blank = JinjaValues.IsTrue(call.Get(2, "blank", false));
        string[] lines = Text(value, call).Split('\n');
        call.Run.Take((long)lines.Length * space.Length);
        return string.Join('\n', lines.Select((line, index) =>
            index == 0 ? first ? space + line : line : line.Length > 0 || blank ? space + line : line));
    }

    static object? Escape(object? value, JinjaCallValues call) => Text(value, call).Replace("&", "&amp;")
        .Replace("<", "&lt;").Replace(">", "&gt;").Replace("'", "&#39;").Replace("\"", "&#34;");

    static object? Whole(object? value) => value switch
    {
        long number => number,
        bool truth => truth ? 1L : 0L,
        double number when Math.Abs(number) < long.MaxValue => (long)number,
        string text when long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out long number) => number,
        string text when double.TryParse(text, CultureInfo.InvariantCulture, out double number)
            && Math.Abs(number) < long.MaxValue => (long)number,
        _ => null,
    };

    static object? Fraction(object? value) => value switch
    {
        string text => double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number : null,
        _ => JinjaValues.Number(value),
    };
}
