namespace IlgpuDca.Loader;

/// <summary>Statements one after the other.</summary>
sealed class JinjaBlock(IReadOnlyList<JinjaStatement> statements) : JinjaStatement
{
    public override JinjaFlow Run(JinjaScope scope)
    {
        foreach (JinjaStatement statement in statements)
        {
            scope.Run.Step();
            JinjaFlow flow = statement.Run(scope);
            if (flow != JinjaFlow.Next)
                return flow;
        }
        return JinjaFlow.Next;
    }
}
