namespace IlgpuDca.Loader;

/// <summary>An operator between two values.</summary>
sealed class JinjaBinary(string sign, JinjaExpression left, JinjaExpression right) : JinjaExpression
{
    protected override object? Evaluate(JinjaScope scope) =>
        JinjaArithmetic.Apply(sign, left.Value(scope), right.Value(scope), scope.Run);
}
