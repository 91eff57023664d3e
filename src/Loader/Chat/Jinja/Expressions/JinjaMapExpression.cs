namespace IlgpuDca.Loader;

/// <summary>A dictionary.</summary>
sealed class JinjaMapExpression(IReadOnlyList<(JinjaExpression Key, JinjaExpression Value)> items) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope)
    {
        var map = new JinjaMap();
        foreach ((JinjaExpression key, JinjaExpression value) in items)
            map[JinjaValues.Text(key.Value(scope), scope.Run)] = value.Value(scope);
        return map;
    }
}
