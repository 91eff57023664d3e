namespace IlgpuDca.Loader;

/// <summary>A list or tuple.</summary>
sealed class JinjaListExpression(IReadOnlyList<JinjaExpression> items) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope)
    {
        scope.Run.Take(items.Count);
        return items.Select(item => item.Value(scope)).ToList();
    }
}
