using System.Globalization;
using System.Text;
using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>JSON to values, and values to JSON as the filter tojson writes it.</summary>
static class JinjaJson
{
    /// <summary>The value of a JSON element.</summary>
    public static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when element.TryGetInt64(out long whole) => whole,
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.Object => Map(element),
        _ => null,
    };

    /// <summary>
    /// JSON with a space behind commas and colons, and characters as they are; indented where asked for.
    /// </summary>
    public static string Write(object? value, int? indent, JinjaRun run)
    {
        var text = new StringBuilder();
        Write(value, indent, 0, text, run);
        run.Take(text.Length);
        return text.ToString();
    }

    static JinjaMap Map(JsonElement element)
    {
        var map = new JinjaMap();
        foreach (JsonProperty member in element.EnumerateObject())
            map[member.Name] = Value(member.Value);
        return map;
    }

    static void Write(object? value, int? indent, int depth, StringBuilder text, JinjaRun run)
    {
        run.Step();
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case long number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                text.Append(JinjaValues.FloatText(number));
                break;
            case string plain:
                Quote(plain, text);
                break;
            case List<object?> list:
                WriteItems('[', ']', list.Count, index => Write(list[index], indent, depth + 1, text, run), indent,
                    depth, text);
                break;
            case JinjaMap map:
                KeyValuePair<string, object?>[] items = [.. map.Items];
                WriteItems('{', '}', items.Length, index =>
                {
                    Quote(items[index].Key, text);
                    text.Append(": ");
                    Write(items[index].Value, indent, depth + 1, text, run);
                }, indent, depth, text);
                break;
            default:
                throw run.Fault($"tojson can't write {JinjaValues.TypeName(value)}.");
        }
    }

    static void WriteItems(char open, char close, int count, Action<int> write, int? indent, int depth,
        StringBuilder text)
    {
        text.Append(open);
        for (int i = 0; i < count; i++)
        {
            if (i > 0)
                text.Append(indent is null ? ", " : ",");
            BreakLine(indent, depth + 1, text);
            write(i);
        }
        if (count > 0)
            BreakLine(indent, depth, text);
        text.Append(close);
    }

    static void BreakLine(int? indent, int depth, StringBuilder text)
    {
        if (indent is { } width)
            text.Append('\n').Append(' ', Math.Max(0, width) * depth);
    }

    static void Quote(string plain, StringBuilder text)
    {
        text.Append('"');
        foreach (char c in plain)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }
}
