namespace IlgpuDca.Loader;

/// <summary>A dictionary of a template: keys in the order in which they came.</summary>
sealed class JinjaMap
{
    readonly OrderedDictionary<string, object?> _items = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Keys => _items.Keys;

    public int Count => _items.Count;

    public object? this[string key]
    {
        set => _items[key] = value;
    }

    public bool TryGet(string key, out object? value) => _items.TryGetValue(key, out value);

    /// <summary>Pairs of key and value, as lists of two.</summary>
    public List<object?> Pairs() => [.. _items.Select(item => (object?)new List<object?> { item.Key, item.Value })];

    public IEnumerable<KeyValuePair<string, object?>> Items => _items;
}
