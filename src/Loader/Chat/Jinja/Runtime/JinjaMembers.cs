namespace IlgpuDca.Loader;

/// <summary>Members of values: methods, keys, indices.</summary>
static class JinjaMembers
{
    /// <summary><c>value.name</c>: a method before a key.</summary>
    public static object? Attribute(object? value, string name, JinjaRun run) => value switch
    {
        JinjaUndefined undefined => throw run.Fault($"{ModelFormatException.Quote(undefined.Name)} is undefined, "
            + $"so it has no {ModelFormatException.Quote(name)}."),
        JinjaNamespace space => space.Members.TryGetValue(name, out object? member) ? member : new JinjaUndefined(name),
        JinjaLoop loop => loop.Member(name),
        string text when JinjaStringMethods.Find(text, name) is { } method => method,
        JinjaMap map when MapMethod(map, name) is { } method => method,
        JinjaMap map => map.TryGet(name, out object? item) ? item : new JinjaUndefined(name),
        List<object?> list when ListMethod(list, name) is { } method => method,
        _ => new JinjaUndefined(name),
    };

    /// <summary><c>value[key]</c>: a key before a method.</summary>
    public static object? Item(object? value, object? key, JinjaRun run)
    {
        if (value is JinjaUndefined undefined)
            throw run.Fault($"{ModelFormatException.Quote(undefined.Name)} is undefined, so it has no items.");
        switch (value, key)
        {
            case (JinjaMap map, string name) when map.TryGet(name, out object? item):
                return item;
            case (List<object?> list, long index):
                index += index < 0 ? list.Count : 0;
                return index >= 0 && index < list.Count ? list[(int)index] : new JinjaUndefined($"item {key}");
            case (string text, long index):
                index += index < 0 ? text.Length : 0;
                return index >= 0 && index < text.Length ? text[(int)index].ToString()
                    : new JinjaUndefined($"item {key}");
            case (_, string name):
                return Attribute(value, name, run);
            default:
                return new JinjaUndefined(JinjaValues.Text(key, run));
        }
    }

    static JinjaFunction? MapMethod(JinjaMap map, string name) => name switch
    {
        "items" => new JinjaFunction(_ => map.Pairs()),
        "keys" => new JinjaFunction(_ => map.Keys.ToList<object?>()),
        "values" => new JinjaFunction(_ => map.Items.Select(item => item.Value).ToList()),
        "get" => new JinjaFunction(call =>
            call.Need(0, "key") is string key && map.TryGet(key, out object? value) ? value : call.Get(1, "default")),
        _ => null,
    };

    static JinjaFunction? ListMethod(List<object?> list, string name) => name switch
    {
        "index" => new JinjaFunction(call =>
        {
            int index = list.FindIndex(item => JinjaValues.AreEqual(item, call.Need(0, "value"), call.Run));
            return index >= 0 ? (long)index : throw call.Fault("finds no such item.");
        }),
        "count" => new JinjaFunction(call =>
            (long)list.Count(item => JinjaValues.AreEqual(item, call.Need(0, "value"), call.Run))),
        _ => null,
    };
}
