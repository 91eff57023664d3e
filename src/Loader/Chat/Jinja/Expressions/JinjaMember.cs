namespace IlgpuDca.Loader;

/// <summary><c>value.name</c> or <c>value[key]</c>.</summary>
sealed class JinjaMember(JinjaExpression value, JinjaExpression key, bool isAttribute) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope)
    {
        object? of = value.Value(scope), by = key.Value(scope);
        return isAttribute ? JinjaMembers.Attribute(of, (string)by!, scope.Run) : JinjaMembers.Item(of, by, scope.Run);
    }
}
