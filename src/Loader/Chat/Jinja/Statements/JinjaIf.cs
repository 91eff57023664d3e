namespace IlgpuDca.Loader;

/// <summary>The first branch whose condition is true.</summary>
sealed class JinjaIf(int line, IReadOnlyList<(JinjaExpression Condition, JinjaBlock Body)> branches,
    JinjaBlock? otherwise)
    : JinjaStatement
{
    public override JinjaFlow Run(JinjaScope scope)
    {
        scope.Run.Line = line;
        foreach ((JinjaExpression condition, JinjaBlock body) in branches)
        {
            if (JinjaValues.IsTrue(condition.Value(scope)))
                return body.Run(scope);
        }
        return otherwise?.Run(scope) ?? JinjaFlow.Next;
    }
}
