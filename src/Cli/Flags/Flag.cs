using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace IlgpuDca.Cli.Flags;

/// <summary>Makes flags whose errors name the flag, what was given and what is expected.</summary>
static class Flag
{
    /// <summary>A whole number within bounds; null where it is absent.</summary>
    public static Option<int?> Integer(string name, string description, int least, int most, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ReadInteger(result, name, least, most),
    };

    /// <summary>A list of whole numbers with commas between; empty where it is absent.</summary>
    public static Option<int[]> OptionalIntegers(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N[,N]",
        DefaultValueFactory = _ => [],
        CustomParser = result => ReadIntegers(result, name, least, most),
    };

    /// <summary>A list of whole numbers with commas between.</summary>
    public static Option<int[]> Integers(string name, string description, int standard, int least, int most, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "N[,N]",
        DefaultValueFactory = _ => [standard],
        CustomParser = result => ReadIntegers(result, name, least, most),
    };

    /// <summary>A number within bounds; null where it is absent.</summary>
    public static Option<float?> Number(string name, string description, float least, float most) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value >= least && value <= most)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}', but must be a number from {least} to {most}"));
            return null;
        },
    };

    /// <summary>One of a few words; null where it is absent.</summary>
    public static Option<string?> Word(string name, string description, params string[] words) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', words),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (words.Contains(text, StringComparer.Ordinal))
                return text;
            result.AddError($"{name} is '{text}', but must be one of {string.Join(", ", words)}");
            return null;
        },
    };

    /// <summary>Any text; null where it is absent.</summary>
    public static Option<string?> Text(string name, string description, string helpName, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
    };

    /// <summary>Texts: the flag may be given several times.</summary>
    public static Option<string[]> Texts(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => [],
    };

    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description };

    static int? ReadInteger(ArgumentResult result, string name, int least, int most)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            return value;
        result.AddError($"{name} is '{text}', but must be a whole number from {least} to {most}");
        return null;
    }

    static int[] ReadIntegers(ArgumentResult result, string name, int least, int most)
    {
        List<int> values = [];
        foreach (string part in result.Tokens[0].Value.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) || value < least || value > most)
            {
                result.AddError($"{name} has '{part}', but takes whole numbers from {least} to {most} with commas between");
                return [];
            }
            values.Add(value);
        }
        return [.. values];
    }
}
