namespace IlgpuDca.Loader;

/// <summary>The filters that look at each item: map, select, reject, selectattr, rejectattr.</summary>
static class JinjaSelection
{
    static readonly IReadOnlyDictionary<string, object?> s_none = new Dictionary<string, object?>();

    /// <summary>An attribute of each item, or a filter over each.</summary>
    public static object? Map(object? value, JinjaCallValues call)
    {
        List<object?> items = JinjaFilters.Items(value, call);
        if (call.Named.TryGetValue("attribute", out object? attribute))
        {
            return items.Select(item => Path(item, attribute, call.Run) is var found && found is JinjaUndefined
                && call.Named.TryGetValue("default", out object? standard) ? standard : found).ToList();
        }
        string name = call.NeedText(0, "filter");
        if (!JinjaFilters.All.TryGetValue(name, out Func<object?, JinjaCallValues, object?>? filter))
            throw call.Fault($"knows no filter {ModelFormatException.Quote(name)}.");
        JinjaCallValues rest = call with { Name = name, Positional = [.. call.Positional.Skip(1)] };
        return items.Select(item => filter(item, rest)).ToList();
    }

    /// <summary>The items that pass (or fail) a test; without a test, those that are true (or false).</summary>
    public static List<object?> Select(object? value, JinjaCallValues call, bool keeps, bool byAttribute)
    {
        object? attribute = byAttribute ? call.Need(0, "attribute") : null;
        int skipped = byAttribute ? 1 : 0;
        string? name = call.Text(skipped, "test");
        Func<object?, JinjaCallValues, bool>? test = null;
        if (name is not null && !JinjaTests.All.TryGetValue(name, out test))
            throw call.Fault($"knows no test {ModelFormatException.Quote(name)}.");
        var rest = new JinjaCallValues(call.Run, name ?? call.Name, [.. call.Positional.Skip(skipped + 1)], s_none);
        return [.. JinjaFilters.Items(value, call).Where(item =>
        {
            object? tested = byAttribute ? Path(item, attribute, call.Run) : item;
            return (test?.Invoke(tested, rest) ?? JinjaValues.IsTrue(tested)) == keeps;
        })];
    }

    /// <summary>A member by name, with dots for members of members.</summary>
    static object? Path(object? item, object? attribute, JinjaRun run)
    {
        if (attribute is not string path)
            return JinjaMembers.Item(item, attribute, run);
        foreach (string name in path.Split('.'))
            item = JinjaMembers.Item(item, long.TryParse(name, out long index) ? index : name, run);
        return item;
    }
}
