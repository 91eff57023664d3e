namespace IlgpuDca.Loader;

/// <summary>The values that a call, filter or test gets.</summary>
/// <param name="Run">The run.</param>
/// <param name="Name">Of what is called, for messages.</param>
/// <param name="Positional">By place; of filters and tests, without the value itself.</param>
/// <param name="Named">By name.</param>
sealed record JinjaCallValues(JinjaRun Run, string Name, IReadOnlyList<object?> Positional,
    IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>An argument by place or name, or its standard value.</summary>
    public object? Get(int index, string name, object? standard = null) =>
        index < Positional.Count ? Positional[index] : Named.TryGetValue(name, out object? value) ? value : standard;

    /// <summary>An argument that must be there.</summary>
    public object? Need(int index, string name) => index < Positional.Count || Named.ContainsKey(name)
        ? Get(index, name) : throw Fault($"needs '{name}'.");

    /// <summary>A text argument; none and absent ones are null.</summary>
    public string? Text(int index, string name) => Get(index, name) switch
    {
        null => null,
        string text => text,
        var other => throw Fault($"needs text as '{name}', found {JinjaValues.TypeName(other)}."),
    };

    public string NeedText(int index, string name) => Text(index, name) ?? throw Fault($"needs text as '{name}'.");

    /// <summary>A whole number, or its standard value.</summary>
    public int Integer(int index, string name, int standard) => Get(index, name, (long)standard) switch
    {
        long number and >= int.MinValue and <= int.MaxValue => (int)number,
        null => standard,
        var other => throw Fault($"needs a whole number as '{name}', found {JinjaValues.TypeName(other)}."),
    };

    public TemplateException Fault(string what) => Run.Fault($"{Name} {what}");
}
