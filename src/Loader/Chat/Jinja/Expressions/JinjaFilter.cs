namespace IlgpuDca.Loader;

/// <summary><c>value | name(arguments)</c>.</summary>
sealed class JinjaFilter(string name, JinjaExpression value, JinjaArguments arguments) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope) =>
        JinjaFilters.All[name](value.Value(scope), arguments.Values(name, scope));
}
