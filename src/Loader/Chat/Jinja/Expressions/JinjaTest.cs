namespace IlgpuDca.Loader;

/// <summary><c>value is name(arguments)</c>.</summary>
sealed class JinjaTest(string name, JinjaExpression value, JinjaArguments arguments) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope) =>
        JinjaTests.All[name](value.Value(scope), arguments.Values(name, scope));
}
