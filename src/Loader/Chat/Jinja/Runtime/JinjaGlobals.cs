using System.Globalization;

namespace IlgpuDca.Loader;

/// <summary>The functions that every template can call.</summary>
static class JinjaGlobals
{
    const long LongestRange = 100_000;

    public static IReadOnlyDictionary<string, object?> All { get; } =
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["raise_exception"] = new JinjaFunction(call => throw call.Run.Fault(
                $"it refuses the conversation: {JinjaValues.Text(call.Get(0, "message"), call.Run)}")),
            ["strftime_now"] = new JinjaFunction(call => Time(call)),
            ["namespace"] = new JinjaFunction(call => Namespace(call)),
            ["range"] = new JinjaFunction(call => Range(call)),
            ["dict"] = new JinjaFunction(call => Dictionary(call)),
        };

    static JinjaNamespace Namespace(JinjaCallValues call)
    {
        var space = new JinjaNamespace();
        if (call.Get(0, "") is JinjaMap map)
        {
            foreach ((string name, object? value) in map.Items)
                space.Members[name] = value;
        }
        foreach ((string name, object? value) in call.Named)
            space.Members[name] = value;
        return space;
    }

    static JinjaMap Dictionary(JinjaCallValues call)
    {
        var map = new JinjaMap();
        if (call.Get(0, "") is JinjaMap other)
        {
            foreach ((string key, object? value) in other.Items)
                map[key] = value;
        }
        foreach ((string key, object? value) in call.Named)
            map[key] = value;
        return map;
    }

    static List<object?> Range(JinjaCallValues call)
    {
        int first = call.Integer(0, "start", 0), second = call.Integer(1, "stop", 0), step = call.Integer(2, "step", 1);
        (long from, long to) = call.Positional.Count < 2 ? (0L, first) : (first, second);
        if (step == 0)
            throw call.Fault("needs a step other than 0.");
        long count = Math.Max(0, step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step);
        if (count > LongestRange)
            throw call.Fault($"makes {count} numbers, expected at most {LongestRange}.");
        call.Run.Take(count);
        return [.. Enumerable.Range(0, (int)count).Select(index => (object?)(from + (long)index * step))];
    }

    /// <summary>The day and time here, with the signs of C's strftime.</summary>
    static string Time(JinjaCallValues call)
    {
        string format = call.NeedText(0, "format");
        DateTime now = DateTime.Now;
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            string? custom = format[++i] switch
            {
                'd' => "dd",
                'm' => "MM",
                'y' => "yy",
                'Y' => "yyyy",
                'b' => "MMM",
                'B' => "MMMM",
                'a' => "ddd",
                'A' => "dddd",
                'H' => "HH",
                'I' => "hh",
                'M' => "mm",
                'S' => "ss",
                'p' => "tt",
                'F' => "yyyy-MM-dd",
                'T' => "HH:mm:ss",
                'j' => "",
                '%' => null,
                _ => throw call.Fault($"does not know the sign %{format[i]}."),
            };
            text.Append(custom is null ? "%" : custom.Length == 0
                ? now.DayOfYear.ToString("000", CultureInfo.InvariantCulture)
                : now.ToString(custom, CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }
}
