using System.Globalization;

namespace IlgpuDca.Loader;

/// <summary>What values mean: truth, equality, order, text.</summary>
static class JinjaValues
{
    /// <summary>Whether a value counts as true.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or JinjaUndefined => false,
        bool truth => truth,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        JinjaMap map => map.Count > 0,
        _ => true,
    };

    public static string TypeName(object? value) => value switch
    {
        null => "none",
        JinjaUndefined undefined => $"nothing, as {ModelFormatException.Quote(undefined.Name)} is undefined",
        bool => "a boolean",
        long => "an integer",
        double => "a float",
        string => "a string",
        List<object?> => "a list",
        JinjaMap => "a mapping",
        JinjaNamespace => "a namespace",
        _ => "a function",
    };

    public static bool AreEqual(object? left, object? right, JinjaRun run)
    {
        run.Step();
        if (Number(left) is { } first && Number(right) is { } second)
            return first == second;
        return (left, right) switch
        {
            (JinjaUndefined, JinjaUndefined) => true,
            (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
            (List<object?> a, List<object?> b) =>
                a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second, run)),
            (JinjaMap a, JinjaMap b) => a.Count == b.Count
                && a.Items.All(item => b.TryGet(item.Key, out object? other) && AreEqual(item.Value, other, run)),
            _ => ReferenceEquals(left, right),
        };
    }

    /// <summary>Numbers and booleans as a number; null for all else.</summary>
    public static double? Number(object? value) => value switch
    {
        bool truth => truth ? 1 : 0,
        long number => number,
        double number => number,
        _ => null,
    };

    /// <summary>Negative, zero or positive; throws for what has no order.</summary>
    public static int Compare(object? left, object? right, JinjaRun run)
    {
        run.Step();
        if (Number(left) is { } first && Number(right) is { } second)
            return first.CompareTo(second);
        return (left, right) is (string a, string b) ? string.CompareOrdinal(a, b)
            : throw run.Fault($"{TypeName(left)} and {TypeName(right)} have no order.");
    }

    public static bool Contains(object? items, object? value, JinjaRun run) => items switch
    {
        string text => value is string part ? text.Contains(part, StringComparison.Ordinal)
            : throw run.Fault($"'in' a string needs a string, found {TypeName(value)}."),
        JinjaMap map => value is string key && map.TryGet(key, out _),
        JinjaUndefined => false,
        _ => Items(items, run).Any(item => AreEqual(item, value, run)),
    };

    /// <summary>What a loop runs over: items, keys, characters.</summary>
    public static IEnumerable<object?> Items(object? value, JinjaRun run) => value switch
    {
        List<object?> list => list,
        JinjaMap map => map.Keys.ToList<object?>(),
        string text => text.EnumerateRunes().Select(rune => (object?)rune.ToString()),
        JinjaUndefined => [],
        _ => throw run.Fault($"{TypeName(value)} can't be looped over."),
    };

    /// <summary>As it is printed.</summary>
    public static string Text(object? value, JinjaRun run) => value switch
    {
        string text => text,
        JinjaUndefined => "",
        _ => Representation(value, run),
    };

    /// <summary>As Python writes it inside of a list.</summary>
    public static string Representation(object? value, JinjaRun run)
    {
        run.Step();
        string text = value switch
        {
            null => "None",
            JinjaUndefined => "Undefined",
            bool truth => truth ? "True" : "False",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => FloatText(number),
            string plain => Quoted(plain),
            List<object?> list => $"[{string.Join(", ", list.Select(item => Representation(item, run)))}]",
            JinjaMap map => "{" + string.Join(", ", map.Items
                .Select(item => $"{Quoted(item.Key)}: {Representation(item.Value, run)}")) + "}",
            _ => $"<{TypeName(value)}>",
        };
        run.Take(text.Length);
        return text;
    }

    /// <summary>
    /// The shortest digits that give the number back, with Python's choice between the two notations.
    /// </summary>
    public static string FloatText(double number)
    {
        if (!double.IsFinite(number))
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        string text = number.ToString("E16", CultureInfo.InvariantCulture);
        int exponent = int.Parse(
            text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < 16 || number == 0)
        {
            string plain = shortest.Contains('E') ? ((decimal)number).ToString(CultureInfo.InvariantCulture) : shortest;
            return plain.Contains('.') ? plain : plain + ".0";
        }
        string digits = shortest.Contains('E') ? shortest[..shortest.IndexOf('E')]
            : number.ToString("0.################E+0", CultureInfo.InvariantCulture).Split('E')[0];
        return $"{digits}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    static string Quoted(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        string escaped = text.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t");
        return $"{quote}{(quote == '\'' ? escaped.Replace("'", "\\'") : escaped)}{quote}";
    }
}
