namespace IlgpuDca.Loader;

/// <summary>The variables that a statement sees: its own, and those around it.</summary>
sealed class JinjaScope(JinjaRun run, JinjaScope? outer = null)
{
    readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public JinjaRun Run => run;

    /// <summary>The outermost scope, which macros see.</summary>
    public JinjaScope Root => outer?.Root ?? this;

    public void Set(string name, object? value) => _variables[name] = value;

    /// <summary>The value of a name; undefined where there is none.</summary>
    public object? Get(string name)
    {
        for (JinjaScope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._variables.TryGetValue(name, out object? value))
                return value;
        }
        return new JinjaUndefined(name);
    }

    JinjaScope? Outer => outer;
}
