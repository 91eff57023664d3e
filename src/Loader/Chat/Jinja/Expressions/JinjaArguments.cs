namespace IlgpuDca.Loader;

/// <summary>The arguments of a call, filter or test.</summary>
sealed class JinjaArguments(IReadOnlyList<JinjaExpression> positional,
    IReadOnlyList<(string Name, JinjaExpression Value)> named)
{
    public static JinjaArguments None { get; } = new([], []);

    /// <summary>Their values.</summary>
    public JinjaCallValues Values(string name, JinjaScope scope)
    {
        var byName = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string argument, JinjaExpression value) in named)
            byName[argument] = value.Value(scope);
        return new JinjaCallValues(scope.Run, name, [.. positional.Select(value => value.Value(scope))], byName);
    }
}
