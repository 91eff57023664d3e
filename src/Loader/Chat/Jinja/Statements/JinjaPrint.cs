namespace IlgpuDca.Loader;

/// <summary>Writes a value.</summary>
sealed class JinjaPrint(int line, JinjaExpression value) : JinjaStatement
{
    public override JinjaFlow Run(JinjaScope scope)
    {
        scope.Run.Line = line;
        scope.Run.Write(JinjaValues.Text(value.Value(scope), scope.Run));
        return JinjaFlow.Next;
    }
}
