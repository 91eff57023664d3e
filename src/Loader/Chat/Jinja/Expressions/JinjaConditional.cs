namespace IlgpuDca.Loader;

/// <summary><c>value if condition else otherwise</c>.</summary>
sealed class JinjaConditional(JinjaExpression condition, JinjaExpression value, JinjaExpression? otherwise)
    : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope) => JinjaValues.IsTrue(condition.Value(scope))
        ? value.Value(scope) : otherwise is null ? new JinjaUndefined("the other case") : otherwise.Value(scope);
}
