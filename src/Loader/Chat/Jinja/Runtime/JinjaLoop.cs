namespace IlgpuDca.Loader;

/// <summary>What a loop's body sees as <c>loop</c>.</summary>
sealed class JinjaLoop(IReadOnlyList<object?> items)
{
    /// <summary>From 0.</summary>
    public int Index { get; set; }

    public object? Member(string name) => name switch
    {
        "index" => (long)Index + 1,
        "index0" => (long)Index,
        "revindex" => (long)items.Count - Index,
        "revindex0" => (long)items.Count - Index - 1,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => Index > 0 ? items[Index - 1] : new JinjaUndefined(name),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new JinjaUndefined(name),
        "cycle" => new JinjaFunction(call => call.Positional.Count > 0 ? call.Positional[Index % call.Positional.Count]
            : throw call.Fault("needs values.")),
        _ => new JinjaUndefined($"loop.{name}"),
    };
}
