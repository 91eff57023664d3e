namespace IlgpuDca.Loader;

/// <summary>and, or: the value that decides.</summary>
sealed class JinjaLogic(JinjaExpression left, JinjaExpression right, bool isAnd) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope)
    {
        object? first = left.Value(scope);
        return JinjaValues.IsTrue(first) == isAnd ? right.Value(scope) : first;
    }
}
