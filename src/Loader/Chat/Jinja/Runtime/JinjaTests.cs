namespace IlgpuDca.Loader;

/// <summary>What can stand behind <c>is</c>.</summary>
static class JinjaTests
{
    public static IReadOnlyDictionary<string, Func<object?, JinjaCallValues, bool>> All { get; } =
        new Dictionary<string, Func<object?, JinjaCallValues, bool>>(StringComparer.Ordinal)
        {
            ["defined"] = (value, _) => value is not JinjaUndefined,
            ["undefined"] = (value, _) => value is JinjaUndefined,
            ["none"] = (value, _) => value is null,
            ["string"] = (value, _) => value is string,
            ["mapping"] = (value, _) => value is JinjaMap,
            ["sequence"] = (value, _) => value is string or List<object?> or JinjaMap,
            ["iterable"] = (value, _) => value is string or List<object?> or JinjaMap or JinjaUndefined,
            ["number"] = (value, _) => value is long or double or bool,
            ["integer"] = (value, _) => value is long,
            ["float"] = (value, _) => value is double,
            ["boolean"] = (value, _) => value is bool,
            ["true"] = (value, _) => value is true,
            ["false"] = (value, _) => value is false,
            ["callable"] = (value, _) => value is JinjaFunction,
            ["odd"] = (value, call) => Whole(value, call) % 2 != 0,
            ["even"] = (value, call) => Whole(value, call) % 2 == 0,
            ["divisibleby"] = (value, call) => call.Integer(0, "num", 1) is not 0 and var number
                ? Whole(value, call) % number == 0 : throw call.Fault("needs a number other than 0."),
            ["lower"] = (value, _) => value is string text && text == text.ToLowerInvariant(),
            ["upper"] = (value, _) => value is string text && text == text.ToUpperInvariant(),
            ["in"] = (value, call) => JinjaValues.Contains(call.Need(0, "seq"), value, call.Run),
            ["equalto"] = AreEqual,
            ["eq"] = AreEqual,
            ["=="] = AreEqual,
            ["ne"] = (value, call) => !AreEqual(value, call),
            ["sameas"] = AreEqual,
            ["gt"] = (value, call) => JinjaValues.Compare(value, call.Need(0, "other"), call.Run) > 0,
            ["ge"] = (value, call) => JinjaValues.Compare(value, call.Need(0, "other"), call.Run) >= 0,
            ["lt"] = (value, call) => JinjaValues.Compare(value, call.Need(0, "other"), call.Run) < 0,
            ["le"] = (value, call) => JinjaValues.Compare(value, call.Need(0, "other"), call.Run) <= 0,
        };

    static bool AreEqual(object? value, JinjaCallValues call) =>
        JinjaValues.AreEqual(value, call.Need(0, "other"), call.Run);

    static long Whole(object? value, JinjaCallValues call) => value is long number ? number
        : throw call.Fault($"needs a whole number, found {JinjaValues.TypeName(value)}.");
}
